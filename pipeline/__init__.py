"""Chartfiler: paper medical charts become filed, findable records."""
