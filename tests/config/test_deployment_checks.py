"""`manage.py check --deploy` says nothing of a configuration that is safe, and names what is not."""

import pytest
from django.core.checks import run_checks

SAFE = {
    "DEBUG": False,
    "SECRET_KEY": "".join(map(chr, range(33, 120))),
    "SITE_HOST": "conference.example.org",
    "ALLOWED_HOSTS": ["conference.example.org"],
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "HTTPS": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "TRUSTED_PROXY_HOPS": 1,
}


@pytest.fixture
def found(settings, tmp_path):
    """A call of it returns the codes of everything that is found with these settings, and a .env of this mode."""

    def find(mode: int = 0o640, has_samples: bool = False, **changes) -> list[str]:
        settings.BASE_DIR = tmp_path
        if not has_samples:
            settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "sample_data"]
        (tmp_path / ".env").touch()
        (tmp_path / ".env").chmod(mode)
        for name, value in (SAFE | changes).items():
            setattr(settings, name, value)
        messages = run_checks(tags=["security"], include_deployment_checks=True)
        return [message.id for message in messages if not message.is_silenced()]

    return find


def test_a_safe_configuration_is_not_complained_of(found):
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"EMAIL_BACKEND": "registrations.mail.private_folder.PrivateFolderBackend"}, "config.W001"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "config.W001"),
        ({"TRUSTED_PROXY_HOPS": 0}, "config.W002"),
        ({"ALLOWED_HOSTS": ["*"]}, "config.W003"),
        ({"ALLOWED_HOSTS": ["www.example.org"]}, "config.W004"),
        ({"has_samples": True}, "config.W005"),
        ({"mode": 0o644}, "config.W006"),
        ({"DEBUG": True}, "security.W018"),
        ({"SECURE_SSL_REDIRECT": False}, "security.W008"),
    ],
    ids=str,
)
def test_what_is_unsafe_is_named(found, changes, code):
    assert found(**changes) == [code]
