"""Sample people, to try the site with many of them. None of them exists, and no e-mail reaches anybody.

The app is installed for development and benchmarks only. It writes to the tables directly, without operations.
"""
