"""What the admin's lists need beside the stock tags."""

from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()


@register.filter
def label_cells(cells: Iterable[SafeString], headers: list[dict]) -> Iterator[SafeString]:
    """The row's cells, each with its column's title as `data-column`, for where a row is shown as a card.

    `cells` are complete elements as the stock list makes them; `headers` are its `result_headers`.
    """
    for cell, header in zip(cells, headers, strict=True):
        title = escape(capfirst(strip_tags(header["text"])))
        yield mark_safe(cell.replace(" ", f' data-column="{title}" ', 1))  # noqa: S308 (escaped above)
