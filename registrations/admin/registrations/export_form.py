"""The options of an export; the form remembers those of the last one."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.exports.columns import Column
from registrations.exports.file_formats import TABLE_FORMATS
from registrations.models import ExportChoice, RegistrationQuerySet

ORDERINGS = {
    "name": (_("by last name (Latvian alphabet)"), ["sort_name", "pk"]),
    "registered": (_("by the time of registration"), ["created_at", "pk"]),
}


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(name, form.label) for name, form in TABLE_FORMATS.items()],
        widget=forms.RadioSelect,
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[(name, label) for name, (label, _fields) in ORDERINGS.items()],
        initial="name",
        widget=forms.RadioSelect,
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please tick at least one column.")},
    )

    def __init__(self, data, *, user, columns: Iterable[Column]):
        self.user = user
        self.known = [column.name for column in columns]
        last = ExportChoice.objects.filter(user=user).first()
        self.last_columns = last.columns if last else []
        super().__init__(
            data,
            initial={
                "format": last.format if last and last.format in TABLE_FORMATS else "xlsx",
                "columns": [name for name in self.known if name in self.last_columns] or self.known,
            },
        )
        self.fields["columns"].choices = [(column.name, column.header) for column in columns]

    def order_people(self, people: RegistrationQuerySet) -> RegistrationQuerySet:
        return people.order_by(*ORDERINGS[self.cleaned_data["order"]][1])

    def save_preferences(self) -> None:
        """Keep format and columns for the next time; columns that only other events have stay as they were."""
        chosen = self.cleaned_data["columns"]
        elsewhere = [name for name in self.last_columns if name not in self.known]
        ExportChoice.objects.update_or_create(
            user=self.user, defaults={"format": self.cleaned_data["format"], "columns": chosen + elsewhere}
        )
