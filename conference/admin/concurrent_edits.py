"""The pages of the admin on which two people can change the same row, and the rows of inlines on them."""

import re
import zlib
from collections.abc import Sequence
from functools import cache

from django.core.exceptions import ValidationError
from django.db import connection
from django.forms import BaseForm
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from conference.admin.edit_conflicts import ConcurrentFormMixin, dump_shown, make_row_key, read_shown
from conference.admin.field_values import describe_value, hash_value

LOCK_QUERY = "SELECT pg_advisory_xact_lock(%s)"


class ConcurrentFormSetMixin:
    """For the formset of an inline: no row is lost that one person changed while another one removed it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.returned = []
        if self.is_bound and (gone := self.find_gone_rows()):
            self.move_gone_rows(gone)

    def find_gone_rows(self) -> list[int]:
        """Return the numbers of the rows that were on the page and exist no longer."""
        name, there = self.model._meta.pk.name, {str(row.pk) for row in self.get_queryset()}
        posted = range(min(self.initial_form_count(), self.total_form_count()))
        return [number for number in posted if self.data.get(f"{self.add_prefix(number)}-{name}") not in there]

    def move_gone_rows(self, gone: Sequence[int]) -> None:
        """Make those that this page changed new rows, after the others, and drop the rest."""
        known = range(self.initial_form_count())
        touched = [number for number in gone if self.is_touched(number)]
        kept = [number for number in range(self.total_form_count()) if number not in gone]
        order = [*(number for number in kept if number in known), *touched]
        first_new = len(order) - len(touched)
        order += [number for number in kept if number not in known]
        self.data = renumber(self.data, self.prefix, order)
        self.files = self.files and renumber(self.files, self.prefix, order)
        for number in range(first_new, first_new + len(touched)):
            self.data[f"{self.add_prefix(number)}-{self.model._meta.pk.name}"] = ""
        self.data[f"{self.prefix}-{INITIAL_FORM_COUNT}"] = str(first_new)
        self.data[f"{self.prefix}-{TOTAL_FORM_COUNT}"] = str(len(order))
        del self.management_form  # which has counted already
        self.returned = list(range(first_new, first_new + len(touched)))

    def is_touched(self, number: int) -> bool:
        """Whether this page changed the row, which no longer exists."""
        prefix = self.add_prefix(number)
        if self.data.get(f"{prefix}-{DELETION_FIELD_NAME}"):
            return False
        shown = read_shown(self.data, make_row_key(self.model, self.data.get(f"{prefix}-{self.model._meta.pk.name}")))
        row = self.model(**{self.fk.name: self.instance})
        form = self.form(self.data, self.files, prefix=prefix, instance=row, **self.get_form_kwargs(number))
        form.full_clean()
        values, fields = form.cleaned_data, form.fields
        return not shown or any(
            name not in values or hash_value(fields[name], values[name]) != hashes for name, hashes in shown.items()
        )

    def clean(self):
        super().clean()
        problems = []
        for form in self.deleted_forms:
            if changed := list_unseen_changes(form):
                text = _("Somebody else has changed “%(row)s” in the meantime: %(changed)s. Save again to remove it.")
                problems.append(text % {"row": form.instance, "changed": changed})
        if self.returned:
            text = _(
                "Somebody else has removed a row that you changed. It stands below as a new one: save again to add it, "
                "or remove it."
            )
            problems.append(text)
        if problems:
            raise ValidationError(problems)


def renumber(data: MultiValueDict, prefix: str, order: Sequence[int]) -> MultiValueDict:
    """Return a copy in which the rows with this prefix are those of `order`, numbered from 0."""
    places = {str(number): place for place, number in enumerate(order)}
    pattern, renumbered = re.compile(rf"{re.escape(prefix)}-(\d+)-(.*)", re.DOTALL), MultiValueDict()
    for name, values in data.lists():
        row = pattern.fullmatch(name)
        if row and row[1] in places:
            renumbered.setlist(f"{prefix}-{places[row[1]]}-{row[2]}", values)
        elif not row:
            renumbered.setlist(name, values)
    return renumbered


def list_unseen_changes(form: ConcurrentFormMixin) -> str:
    """Return what somebody else has made of this row since the page showed it, and take it as seen from now on."""
    changed = [name for name, now in form.current.items() if form.shown.get(name, now) != now]
    form.snapshot = form.current
    told = ((form.fields[name], form.get_current_value(name)) for name in changed)
    return "; ".join(f"{field.label}: {', '.join(describe_value(field, value))}" for field, value in told)


class ConcurrentEditsMixin:
    """For a ModelAdmin: its page and its inlines write only what was changed on them, and refuse what clashes."""

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST":
            lock_edits(f"{self.opts.label_lower}-{object_id}")
        return super().get_object(request, object_id, from_field)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj:
            kwargs["form"] = add_mixin(ConcurrentFormMixin, kwargs.get("form", self.form))
        return super().get_form(request, obj, change=change, **kwargs)

    def get_formsets_with_inlines(self, request, obj=None):
        for inline in self.get_inline_instances(request, obj):
            options = {}
            if obj:
                options["form"] = add_mixin(ConcurrentFormMixin, inline.form)
                options["formset"] = add_mixin(ConcurrentFormSetMixin, inline.formset)
            yield inline.get_formset(request, obj, **options), inline

    def save_model(self, request, obj, form, change):
        if change:
            obj.save(update_fields=form.list_columns_to_write())
        else:
            super().save_model(request, obj, form, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        formsets = [inline.formset for inline in context.get("inline_admin_formsets", ())]
        forms = [context["adminform"].form, *(form for formset in formsets for form in formset.initial_forms)]
        context["shown_values"] = dump_shown(forms)
        return super().render_change_form(request, context, add, change, form_url, obj)


@cache
def add_mixin(mixin: type, base: type[BaseForm]) -> type[BaseForm]:
    return type(base)(base.__name__, (mixin, base), {})


def lock_edits(key: str) -> None:
    """Let who saves this row next wait until the transaction ends. Nobody who registers waits for it."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_QUERY, [zlib.crc32(key.encode())])
