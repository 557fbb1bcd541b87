"""What the admin's lists need beside the stock tags."""

from collections.abc import Iterable, Iterator

from django import template
from django.contrib.admin.templatetags.admin_list import result_list
from django.contrib.admin.views.main import ChangeList
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()


@register.inclusion_tag("admin/change_list_results.html")
def labelled_result_list(changelist: ChangeList) -> dict:
    """The stock `result_list`, whose cells have their columns' titles."""
    context = result_list(changelist)
    rows = [list(label_cells(row, context["result_headers"])) for row in context["results"]]
    return {**context, "results": rows}


def label_cells(cells: Iterable[SafeString], headers: list[dict]) -> Iterator[SafeString]:
    """The row's cells, each with its column's title as `data-column`, for where a row is shown as a card.

    `cells` are complete elements as the stock list makes them; `headers` are its `result_headers`.
    """
    for cell, header in zip(cells, headers, strict=True):
        title = escape(capfirst(strip_tags(header["text"])))
        yield mark_safe(cell.replace(" ", f' data-column="{title}" ', 1))  # noqa: S308 (escaped above)
