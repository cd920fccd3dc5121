"""A file or folder that may still be growing becomes page images."""
