"""A stopwatch that rides in the processes of a journey; see sitecustomize.py."""
