"""What marks and words mean: whose paper, which date, where documents end."""
