"""Ends queries of requests that take too long, so that no visitor can keep the database busy."""

from django.conf import settings

from config.database_limits import limit_statements


class StatementTimeoutMiddleware:
    """Limits each statement of a request to the setting STATEMENT_TIMEOUT; config/errors.py has the page for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with limit_statements(settings.STATEMENT_TIMEOUT):
            return self.get_response(request)
