"""How organisers type the sites whose pages may show the form: one address a line."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Event

# As many as fit into a header that web servers in front accept.
MAX_ORIGINS = 20


class OriginListField(forms.CharField):
    """A list of sites as lines of text. Forgives blank lines, capitals, a slash at the end, a site named twice."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "spellcheck": "false"})

    def __init__(self, *, base_field, **kwargs):
        """`base_field` is what an ArrayField passes along; the lines follow the model's own rules instead."""
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return value if isinstance(value, str) else "\n".join(value or [])

    def to_python(self, value) -> list[str]:
        """The sites' origins in their order. Raises ValidationError that names each line which is not a site's."""
        origins, problems = [], []
        for number, line in enumerate((value or "").splitlines(), start=1):
            try:
                origins += [normalize_origin(line.strip())] if line.strip() else []
            except ValidationError as error:
                problems += [
                    _("Line %(number)d: %(problem)s") % {"number": number, "problem": problem}
                    for problem in error.messages
                ]
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
    """The site at this address as browsers write it. Raises ValidationError if it is not the address of a site."""
    written = encode_host(address.rstrip("/").lower().removesuffix(":443"))
    return Event._meta.get_field("embed_sites").base_field.clean(written, None)


def encode_host(address: str) -> str:
    """The address with its host as browsers send it, such as xn--…; itself where that could be another site's."""
    scheme, mark, host = address.partition("://")
    try:
        encoded = host.encode("idna")
        return f"{scheme}{mark}{encoded.decode()}" if encoded.decode("idna") == host else address
    except UnicodeError:
        return address
