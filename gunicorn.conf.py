"""gunicorn's settings, read by itself when it is started in this folder; options on the command line win."""

# Three for one or two cores: while one waits for the database the others work. Each has threads, so that a long export
# keeps nobody waiting; every thread keeps a connection to the database: 3 × 4, of the 100 that PostgreSQL allows.
workers = 3
threads = 4
preload_app = True
