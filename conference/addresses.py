"""The addresses of the site's pages, with their host and in each language."""

from django.conf import settings


def absolute_url(path: str) -> str:
    """The full address of a page; from the settings, never from a request, whose Host header a stranger chooses."""
    return f"{settings.SITE_URL}{path}"


def translate_path(path: str, code: str) -> str:
    """The same page's address in the language `code`, or with an empty code the one without a language.

    Whether there is such a page does not matter. Empty when `path` names no language of the site's.
    """
    _nothing, language, *rest = path.split("/")
    if language not in dict(settings.LANGUAGES) or not rest:
        return ""
    return "/".join(["", *filter(None, [code]), *rest])
