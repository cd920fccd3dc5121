"""Who may do what: roles, passwords, one-time codes, and how long a session lasts."""
