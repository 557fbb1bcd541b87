"""How a form of the admin that was refused leads to what is to be mended."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django import template
from django.contrib.admin.helpers import InlineAdminFormSet
from django.contrib.admin.widgets import FilteredSelectMultiple, RelatedFieldWidgetWrapper
from django.forms import BaseForm, BoundField, MultiWidget
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.text import capfirst

from registrations.templatetags.registration_tags import focus_id

register = template.Library()


class ErrorLink(NamedTuple):
    """What is wrong, of what, and the id of where it is mended."""

    label: str
    error: str
    id: str


@register.inclusion_tag("admin/_error_summary.html")
def error_links(form: BaseForm, formsets: Iterable[InlineAdminFormSet] = ()) -> dict:
    """Each error of the form's fields and of the rows of its inlines, in their order on the page, with a link.

    Errors of the form as a whole are left to the page, which shows them beside this.
    """
    return {
        "wrong": [
            *collect_form_errors(form),
            *(wrong for formset in formsets for wrong in collect_inline_errors(formset)),
        ]
    }


def collect_form_errors(form: BaseForm, of: str = "", row: str = "") -> Iterator[ErrorLink]:
    """Of the fields of `form`, whose labels follow the words `of`; what cannot be seen is mended at the id `row`."""
    for field in form:
        for error in field.errors:
            if not field.is_hidden:
                label = capfirst(field.label)
                yield ErrorLink(f"{of}: {label}" if of else label, error, get_focus_id(field))
            elif row:
                yield ErrorLink(of, error, row)


def collect_inline_errors(inline: InlineAdminFormSet) -> Iterator[ErrorLink]:
    formset = inline.formset
    is_only_one = formset.max_num == 1
    name = capfirst(inline.opts.verbose_name if is_only_one else inline.opts.verbose_name_plural)
    for error in formset.non_form_errors():
        yield ErrorLink(name, error, f"{formset.prefix}-group")
    for number, form in enumerate(formset.forms, start=1):
        if not form.errors or form.cleaned_data.get(DELETION_FIELD_NAME):
            continue
        of = name if is_only_one else f"{name} {number}"
        for error in form.non_field_errors():
            yield ErrorLink(of, error, form.prefix)
        yield from collect_form_errors(form, of, form.prefix)


def get_focus_id(field: BoundField) -> str:
    """The id of what takes the focus when a link leads to the field, or of what stands before it."""
    widget = field.field.widget
    is_wrapped = isinstance(widget, RelatedFieldWidgetWrapper)
    if isinstance(widget.widget if is_wrapped else widget, FilteredSelectMultiple):  # its script gives it another id
        return f"{field.auto_id}_error"
    if isinstance(widget, MultiWidget) or (is_wrapped and not field.id_for_label):
        return f"{field.auto_id}_0"  # of a list that is wrapped, nobody can ask for its choices
    return focus_id(field)
