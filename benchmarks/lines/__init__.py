"""Teaching the line network (models/lines) with lines of scanned charts."""
