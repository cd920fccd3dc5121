"""Numbers for each page and gap: its type, and whether a document begins here."""
