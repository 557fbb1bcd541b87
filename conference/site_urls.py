"""URLs of the site's pages: absolute, and in each language."""

from django.conf import settings


def absolute_url(path: str) -> str:
    """Return the absolute URL of a page. The host comes from the settings: a client can choose its Host header."""
    return f"{settings.SITE_URL}{path}"


def translate_path(path: str, code: str) -> str:
    """Return `path` in another language, or in none for an empty `code`; empty if it is in no language of the site."""
    _nothing, language, *rest = path.split("/")
    if language not in dict(settings.LANGUAGES) or not rest:
        return ""
    return "/".join(["", *filter(None, [code]), *rest])
