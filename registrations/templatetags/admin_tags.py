"""What the admin's pages show beside the stock ones: links to errors, labelled cells."""

from collections.abc import Iterable, Iterator

from django import template
from django.contrib.admin.helpers import InlineAdminFormSet
from django.contrib.admin.templatetags.admin_list import result_list
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import FilteredSelectMultiple, RelatedFieldWidgetWrapper
from django.forms import BaseForm, BoundField, MultiWidget
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from registrations.templatetags.registration_tags import focus_id

register = template.Library()


@register.inclusion_tag("admin/change_list_results.html")
def labelled_result_list(changelist: ChangeList) -> dict:
    """The stock `result_list`, whose cells have their columns' titles."""
    context = result_list(changelist)
    titles = get_titles(context["result_headers"])
    # One text for each row: the template has less to do.
    return {**context, "results": [[SafeString("".join(label_cells(row, titles)))] for row in context["results"]]}


def get_titles(headers: Iterable[dict]) -> list[SafeString]:
    """Return the titles of the stock list's columns. Not lazily, as each row repeats them."""
    return [escape(capfirst(strip_tags(str(header["text"])))) for header in headers]


def label_cells(cells: Iterable[SafeString], titles: list[SafeString]) -> list[SafeString]:
    """The stock list's `cells` of a row, each with its column's title as `data-column`, for rows shown as cards."""
    return [
        SafeString(cell.replace(" ", f' data-column="{title}" ', 1)) for cell, title in zip(cells, titles, strict=True)
    ]


@register.inclusion_tag("admin/_error_summary.html")
def error_links(form: BaseForm, formsets: Iterable[InlineAdminFormSet] = ()) -> dict:
    """Each error in the fields of the form and in its inlines, with a link; those of the whole form show elsewhere."""
    of_rows = [wrong for formset in formsets for wrong in collect_inline_errors(formset)]
    return {"wrong": [*collect_form_errors(form), *of_rows]}


def collect_form_errors(form: BaseForm, of: str = "", row: str = "") -> Iterator[tuple[str, str, str]]:
    """The field (named after the words `of`), its error, and the id where it is corrected: `row` if it is hidden."""
    for field in form:
        for error in field.errors:
            if not field.is_hidden:
                label = capfirst(field.label)
                yield f"{of}: {label}" if of else label, error, get_focus_id(field)
            elif row:
                yield of, error, row


def collect_inline_errors(inline: InlineAdminFormSet) -> Iterator[tuple[str, str, str]]:
    formset, options = inline.formset, inline.opts
    is_only_one = formset.max_num == 1
    name = capfirst(options.verbose_name if is_only_one else options.verbose_name_plural)
    for error in formset.non_form_errors():
        yield name, error, f"{formset.prefix}-group"
    for number, form in enumerate(formset.forms, start=1):
        if form.errors and not form.cleaned_data.get(DELETION_FIELD_NAME):
            of = name if is_only_one else f"{name} {number}"
            for error in form.non_field_errors():
                yield of, error, form.prefix
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
