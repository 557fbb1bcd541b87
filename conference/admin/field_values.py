"""The values of a form's fields: as texts that can be compared, and in the words of whoever chose them."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.forms import BooleanField, ChoiceField, Field, ModelChoiceField
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from i18nfield.forms import I18nFormField

from conference.models import Picture


def split_value(field: Field, value) -> list[str]:
    """Return texts that are equal if the values are: one for each language of a translated text, else one.

    `value` is what the form shows at first, or what it returns when it is valid; the order of several does not matter.
    """
    if isinstance(field, I18nFormField):
        return [normalize(text) for text in field.clean_values(value)]
    if isinstance(value, Picture):
        return [str(value.pk or "new")]
    if isinstance(value, datetime):  # whatever the time zone in which it is shown
        return [value.astimezone(UTC).isoformat()]
    prepared = field.prepare_value(value)
    if isinstance(prepared, Iterable) and not isinstance(prepared, str):
        return ["\n".join(sorted(map(str, prepared)))]
    return [normalize(prepared)]


def normalize(value) -> str:
    """Return the value as a text without what browsers change: line breaks, and space around it."""
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def hash_value(field: Field, value) -> list[str]:
    """Return short hashes of the texts into which `split_value` splits."""
    return [hashlib.blake2b(text.encode(), digest_size=5).hexdigest() for text in split_value(field, value)]


def describe_value(field: Field, value) -> list[str]:
    """Return, in the same parts, what people read on the page for this value."""
    if isinstance(field, I18nFormField):
        return [text or _("(empty)") for text in split_value(field, value)]
    return [describe_one(field, value) or _("(empty)")]


def describe_one(field: Field, value) -> str:
    if isinstance(value, Picture):
        return _("a picture of %(width)d × %(height)d pixels") % {"width": value.width, "height": value.height}
    if isinstance(field, BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    prepared = field.prepare_value(value)
    several = prepared if isinstance(prepared, list | tuple) else [prepared]
    if isinstance(field, ChoiceField):
        labels = list_labels(field, value, several)
        return ", ".join(strip_tags(str(label)) for label in labels)
    return ", ".join(map(normalize, several))


def list_labels(field: ChoiceField, value, keys: Iterable) -> list:
    """Return how the field names these choices. Rows of a table are not looked up again."""
    if isinstance(field, ModelChoiceField):
        rows = [value] if hasattr(value, "_meta") else value or []
        return [field.label_from_instance(row) for row in rows]
    named = {str(key): label for key, label in flatten_choices(field.choices)}
    return [named.get(str(key), key) for key in keys if key not in (None, "")]
