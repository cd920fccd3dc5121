"""How well and how fast pages are read: measures for docs/measures.md."""
