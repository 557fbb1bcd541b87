"""Django's page about an error, which developers see, without the addresses of the database and of the mail server."""

import re

from django.views.debug import SafeExceptionReporterFilter


class PrivateReporterFilter(SafeExceptionReporterFilter):
    """Hides all settings and variables of the environment that come from a URL with a password, too."""

    hidden_settings = re.compile(f"{SafeExceptionReporterFilter.hidden_settings.pattern}|DATABASE|EMAIL", re.IGNORECASE)
