"""Two people at the same page of the admin: each saves only what they changed, and nobody undoes the other unasked.

A page carries a hash of every value that it showed. When it comes back, a value that only somebody else has changed is
kept, and where both changed one, the form is refused once and tells both values. No page carries values twice.
"""

import json
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.forms import HiddenInput
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from i18nfield.forms import I18nFormField

from conference.admin.field_values import describe_value, hash_value, split_value

Hashes = dict[str, list[str]]
SHOWN_VALUES = "shown_values"  # the hidden input


def make_row_key(model: type[Model], pk) -> str:
    return f"{model._meta.label_lower}-{pk}"


def read_shown(data: Mapping, key: str) -> Hashes:
    """Return the hashes of the values that the page showed of this row; empty if it says nothing readable."""
    try:
        shown = json.loads(data.get(SHOWN_VALUES) or "{}")[key]
        return {name: list(hashes) for name, hashes in shown.items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def dump_shown(forms: Iterable) -> str:
    """Return what the hidden input of a page with these forms has."""
    shown = {form.row_key: form.snapshot for form in forms if isinstance(form, ConcurrentFormMixin)}
    return json.dumps(shown, separators=(",", ":")) if shown else ""


class ConcurrentFormMixin:
    """For the form of a row that exists. `snapshot` is what its page must send along."""

    @property
    def row_key(self) -> str:
        return make_row_key(self._meta.model, self.instance.pk)

    @cached_property
    def shown(self) -> Hashes:
        return read_shown(self.data, self.row_key)

    @cached_property
    def current(self) -> Hashes:
        """The hashes of the row's values now: read before the form writes what was typed to the row."""
        fields = {
            name: field
            for name, field in self.fields.items()
            if not (field.disabled or isinstance(field.widget, HiddenInput) or name == DELETION_FIELD_NAME)
        }
        return {name: hash_value(field, self.get_initial_for_field(field, name)) for name, field in fields.items()}

    @cached_property
    def snapshot(self) -> Hashes:
        """What a page that is shown again still knows, for what was not told about changes since has not been seen."""
        return {name: list(self.shown.get(name, hashes)) for name, hashes in self.current.items()}

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in self.kept]

    @cached_property
    def kept(self) -> set[str]:
        """The fields that only somebody else has changed."""
        return set()

    def clean(self):
        conflicts = self.settle()
        vars(self).pop("changed_data", None)
        cleaned = super().clean()
        for name, errors in conflicts.items():
            self.add_error(name, errors)
        return cleaned

    def settle(self) -> dict[str, list[str]]:
        """Keep what somebody else has changed alone. Return, by field, what to say where both have."""
        conflicts, known = {}, self.current.items() if self.shown else ()
        for name, hashes in known:
            shown = self.shown.get(name)
            if name not in self.cleaned_data:  # it is wrong, which is told first
                continue
            if shown is None or len(shown) != len(hashes):  # a field that the page did not have
                self.keep(name)
            elif shown != hashes:
                conflicts[name] = self.settle_field(name, shown)
        return {name: errors for name, errors in conflicts.items() if errors}

    def keep(self, name: str) -> None:
        self.kept.add(name)
        self.cleaned_data[name] = self.get_current_value(name)

    def settle_field(self, name: str, shown: list[str]) -> list[str]:
        field, mine, theirs = self.fields[name], self.cleaned_data[name], self.get_current_value(name)
        mine_parts, theirs_parts = split_value(field, mine), split_value(field, theirs)
        is_untouched = [one == before for one, before in zip(hash_value(field, mine), shown, strict=True)]
        if all(is_untouched):
            self.keep(name)
        elif isinstance(field, I18nFormField):
            merged = [
                their if untouched else my
                for my, their, untouched in zip(mine_parts, theirs_parts, is_untouched, strict=True)
            ]
            self.cleaned_data[name] = field.compress(merged)
        errors = []
        for number, now in enumerate(self.current[name]):
            has_clashed = now != shown[number] and not is_untouched[number]
            if has_clashed and mine_parts[number] != theirs_parts[number]:
                self.snapshot[name][number] = now  # the page tells it now
                errors.append(describe_conflict(field, number, mine, theirs))
        return errors

    def get_current_value(self, name: str):
        """Return the row's value as a valid form would."""
        try:
            is_single = not self._meta.model._meta.get_field(name).many_to_many
        except FieldDoesNotExist:
            is_single = False
        return getattr(self.instance, name) if is_single else self.get_initial_for_field(self.fields[name], name)

    def list_columns_to_write(self) -> list[str]:
        """Return the model's fields that were changed, and those that say when."""
        return [
            field.name
            for field in self._meta.model._meta.concrete_fields
            if field.name in self.changed_data or getattr(field, "auto_now", False)
        ]

    def save(self, commit=True):
        if not commit or self.instance._state.adding:
            return super().save(commit)
        row = super().save(commit=False)
        row.save(update_fields=self.list_columns_to_write())
        self.save_m2m()
        return row


def describe_conflict(field, number: int, mine, theirs) -> str:
    text = _("Somebody else has changed this in the meantime to “%(theirs)s”. You entered “%(mine)s”.")
    if isinstance(field, I18nFormField):
        text = _(
            "%(language)s: somebody else has changed this in the meantime to “%(theirs)s”. You entered “%(mine)s”."
        )
    values = {
        "language": dict(settings.LANGUAGES)[field.locales[number]] if isinstance(field, I18nFormField) else "",
        "theirs": describe_value(field, theirs)[number],
        "mine": describe_value(field, mine)[number],
    }
    advice = _("Save again to keep what you entered, or change it.")
    return f"{text % values} {advice}"
