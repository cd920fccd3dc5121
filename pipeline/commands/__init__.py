"""What each command of ``chartfiler`` does; cli.py only names them."""
