"""Form fields for texts in the admin: translated ones, with an input per language, and lists of sites."""

from contextlib import suppress

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import CharField, Script, Textarea, TextInput
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from i18nfield.forms import I18nFormField, I18nWidget
from i18nfield.strings import LazyI18nString

from conference.models import Event
from conference.text import cleanup

MAX_ORIGINS = 20  # so that the policy header stays within the limits of web servers in front


class TranslatedWidget(I18nWidget):
    """One input per language, each with the code, the name and the `lang` of its language."""

    def decompress(self, value) -> list:
        data = getattr(value, "data", value)
        # A plain string counts as the text in every language.
        return [data] * len(self.locales) if data and isinstance(data, str) else super().decompress(value)

    def render(self, name, value, attrs=None, renderer=None) -> str:
        values = value if isinstance(value, list) else self.decompress(value)
        attrs = self.build_attrs(self.attrs, attrs)
        languages, inputs = dict(settings.LANGUAGES), []
        for number, (code, widget, text) in enumerate(zip(self.locales, self.widgets, values, strict=False)):
            key = f"{attrs.get('id', f'id_{name}')}_{number}"
            shown = {"id": key, "code": code, "language": languages[code], "is_missing": not text and any(values)}
            input_attrs = {**attrs, "id": key}
            if shown["is_missing"]:
                input_attrs["aria-describedby"] = f"{attrs.get('aria-describedby', '')} {key}_missing".strip()
            shown["html"] = widget.render(f"{name}_{number}", text, input_attrs, renderer=renderer)
            inputs.append(shown)
        context = {"id": attrs.get("id"), "label": self.field.label, "inputs": inputs}
        context["is_markdown"] = "data-markdown" in attrs
        return render_to_string("admin/widgets/translated.html", context)


class TranslatedLineWidget(TranslatedWidget):
    widget = TextInput


class TranslatedTextWidget(TranslatedWidget):
    widget = Textarea

    def enable_markdown(self, kind: str) -> None:
        """Offer buttons and a preview, and convert pasted formatting to Markdown, by script."""
        self.attrs["data-markdown"] = kind

    class Media:
        js = [Script("js/paste.js", type="module"), Script("js/markdown_tools.js", type="module")]


class CleanedTranslatedField(I18nFormField):
    """Removes what pasted text contains and nobody typed, with the `clean_one` of a subclass."""

    def clean_values(self, values):
        values = values if isinstance(values, list) else self.widget.decompress(values)
        return [self.clean_one(value) if isinstance(value, str) else value for value in values]

    def clean(self, value):
        return super().clean(value if isinstance(value, LazyI18nString) else self.clean_values(value))

    def has_changed(self, initial, data):
        # Compare cleaned values, so that an unclean stored text that comes back as it was is not a change.
        return super().has_changed(self.clean_values(initial), self.clean_values(data))


class TranslatedLineField(CleanedTranslatedField):
    clean_one = staticmethod(cleanup.clean_line)


class TranslatedTextField(CleanedTranslatedField):
    clean_one = staticmethod(cleanup.clean_text)


class OriginListField(CharField):
    """A list of origins as lines of text. Accepts blank lines, capitals, a trailing slash and duplicates."""

    widget = Textarea(attrs={"rows": 4, "class": "vLargeTextField", "spellcheck": "false"})

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
