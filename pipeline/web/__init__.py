"""The clerk's screens and the HTTP interface."""
