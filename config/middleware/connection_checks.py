"""Checks a connection to the database before it is used again only if it has rested for a while."""

import time

from django.db import connection

from config.database_limits import last_answer

# A server that stops takes longer to come back. Whoever comes in between gets the page for an outage either way.
TRUSTED_SECONDS = 1


class ConnectionCheckMiddleware:
    """Saves busy times the query of CONN_HEALTH_CHECKS, which takes a tenth of the time of a registration."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if time.monotonic() - last_answer.at < TRUSTED_SECONDS:
            connection.health_check_done = True
        return self.get_response(request)
