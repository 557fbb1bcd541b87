"""The names in braces that organisers may write into their e-mail. A fixed list, and no template language."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.html import escape, format_html
from django.utils.translation import gettext_lazy as _

from conference.markdown import rendered

NAMES = ("first_name", "last_name", "reference", "event", "when", "venue", "link")
IN_BRACES = re.compile(r"\{([^{}]*)\}")


def validate_subject(text) -> None:
    """The same as `validate_placeholders`, for a subject, which is shown where the personal link must not be."""
    validate_placeholders(text, names=tuple(name for name in NAMES if name != "link"))


def validate_placeholders(text, names=NAMES) -> None:
    """Raises ValidationError when a text, in any language, has something in braces that is not one of `names`."""
    texts = text.data.values() if isinstance(getattr(text, "data", None), dict) else [str(text)]
    unknown = {name for words in texts for name in IN_BRACES.findall(words or "") if name not in names}
    if unknown:
        raise ValidationError(
            _("There is no placeholder %(unknown)s. These can be used: %(known)s."),
            params={
                "unknown": ", ".join(f"{{{name}}}" for name in sorted(unknown)),
                "known": ", ".join(f"{{{name}}}" for name in names),
            },
        )


def filled(text, values: Mapping[str, str]) -> str:
    """`text` with what stands in braces replaced by its value; unknown names stay as they are."""
    return IN_BRACES.sub(lambda match: str(values.get(match[1], match[0])), str(text))


def filled_html(markdown, values: Mapping[str, str]) -> str:
    """The Markdown as HTML, its placeholders filled in after that, so that no value can become markup or a link.

    Only `link` is one, by itself or as the target of a Markdown link.
    """
    html = rendered(markdown).replace("%7Blink%7D", escape(values["link"]))
    link = format_html('<a href="{0}">{0}</a>', values["link"])
    return filled(html, {name: escape(value) for name, value in values.items()} | {"link": link})
