"""Form fields for translated texts: one labelled input per language, marked where the translation is missing."""

from django.conf import settings
from django.forms import Script, Textarea, TextInput
from django.template.loader import render_to_string
from i18nfield.forms import I18nFormField, I18nWidget
from i18nfield.strings import LazyI18nString

from conference.text import cleanup


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
        return render_to_string("admin/widgets/translated.html", context)


class TranslatedLineWidget(TranslatedWidget):
    widget = TextInput


class TranslatedTextWidget(TranslatedWidget):
    widget = Textarea

    def enable_markdown(self) -> None:
        """Convert pasted formatting to Markdown, by script."""
        self.attrs["data-markdown"] = ""

    class Media:
        js = [Script("js/paste.js", type="module")]


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
