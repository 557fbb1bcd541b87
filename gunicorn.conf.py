"""gunicorn's settings, read by itself when it is started in this folder; options on the command line win."""

# Three for one or two cores: while one waits for the database the others work.
workers = 3
preload_app = True
