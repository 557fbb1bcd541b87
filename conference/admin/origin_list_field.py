"""The form field for the sites that may embed the registration form: one address per line."""

from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Event

MAX_ORIGINS = 20  # so that the policy header stays within the limits of web servers in front


class OriginListField(forms.CharField):
    """A list of origins as lines of text. Accepts blank lines, capitals, a trailing slash and duplicates."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "spellcheck": "false"})

    def __init__(self, *, base_field, **kwargs):
        super().__init__(**kwargs)  # without the `base_field` of ArrayField: the model's own validators apply

    def prepare_value(self, value):
        return value if isinstance(value, str) else "\n".join(value or [])

    def to_python(self, value) -> list[str]:
        """Return the origins in order. Raises ValidationError that names each invalid line."""
        origins, problems = [], []
        for number, line in enumerate((value or "").splitlines(), start=1):
            try:
                origins += [normalize_origin(line.strip())] if line.strip() else []
            except ValidationError as error:
                text = _("Line %(number)d: %(problem)s")
                problems += [text % {"number": number, "problem": problem} for problem in error.messages]
        origins = list(dict.fromkeys(origins))
        if len(origins) > MAX_ORIGINS:
            problem = ngettext(
                "At most %(number)d site can be listed.", "At most %(number)d sites can be listed.", MAX_ORIGINS
            )
            problems.append(problem % {"number": MAX_ORIGINS})
        if problems:
            raise ValidationError(problems)
        return origins


def normalize_origin(address: str) -> str:
    """Return the origin as browsers write it. Raises ValidationError if the address is not one of a site."""
    origin = address.rstrip("/").lower().removesuffix(":443")
    scheme, mark, host = origin.partition("://")
    with suppress(UnicodeError):
        encoded = host.encode("idna")
        if encoded.decode("idna") == host:  # else it could be a different host
            origin = f"{scheme}{mark}{encoded.decode()}"
    return Event._meta.get_field("embed_sites").base_field.clean(origin, None)
