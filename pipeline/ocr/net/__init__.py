"""Tesseract's own network for lines of print, run over a whole page at once."""
