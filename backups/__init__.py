"""Backups: `manage.py backup`, `restore` and `rehearse`."""
