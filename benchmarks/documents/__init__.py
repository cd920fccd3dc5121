"""``chartfiler bench documents``: where documents begin, what each is, which day."""
