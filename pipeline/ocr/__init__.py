"""Pixels become words and marks on the upright page."""
