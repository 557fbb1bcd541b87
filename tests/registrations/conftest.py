"""What these tests share: a mail server, and failures that say which values differ, outside of test files too."""

import pytest

pytest.register_assert_rewrite("tests.registrations.concurrency.invariants")

from tests.registrations.mail.smtp_server import MailServer  # noqa: E402 -- it is rewritten only before it is imported


@pytest.fixture
def server(settings):
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    server.start()
    yield server
    server.stop()
