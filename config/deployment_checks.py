"""What `manage.py check --deploy` finds unsafe about a configuration, beside what Django does."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.http.request import validate_host

UNSENT = ("filebased", "console", "locmem", "dummy", "private_folder")


@register(Tags.security, deploy=True)
def check_configuration(app_configs, **kwargs) -> list[Warning]:
    return [Warning(text, hint=hint, id=f"config.{code}") for code, text, hint in find_weaknesses()]


def find_weaknesses() -> Iterator[tuple[str, str, str]]:
    """Yield the code, the text and the hint of each."""
    if settings.EMAIL_BACKEND.split(".")[-2] in UNSENT:
        yield (
            "W001",
            "E-mail is not sent: EMAIL_URL names no mail server.",
            "EMAIL_URL=smtp+tls://user:password@host:587",
        )
    if settings.HTTPS and not settings.TRUSTED_PROXY_HOPS:
        yield "W002", "SITE_URL is https, but no proxy is trusted to say so.", "Set TRUSTED_PROXY_HOPS to their number."
    if "*" in settings.ALLOWED_HOSTS:
        yield "W003", "The site answers under any name.", "List its names in ALLOWED_HOSTS."
    if not validate_host(settings.SITE_HOST, settings.ALLOWED_HOSTS):
        yield "W004", "The links in e-mails are refused.", "Add the host of SITE_URL to ALLOWED_HOSTS."
    if "sample_data" in settings.INSTALLED_APPS:
        yield "W005", "manage.py can fill an event with people that do not exist.", "SAMPLE_DATA=off"
    env = settings.BASE_DIR / ".env"
    if env.exists() and env.stat().st_mode & 0o007:
        yield "W006", "Everybody on this machine can read the secrets in .env.", f"chmod o= {env}"
