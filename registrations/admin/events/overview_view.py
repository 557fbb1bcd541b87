"""An event's overview: its figures as charts and as tables, each leading to the people it counts."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.statistics import Chart, Overview, Period, get_list_url, get_overview


def overview_view(model_admin, request, pk):
    """For `model_admin`, whose site's frame it stands in: the figures of one event that the user may see."""
    if not request.user.has_perm("registrations.view_registration"):
        raise PermissionDenied
    event = get_object_or_404(Event.objects.visible_to(request.user), pk=pk)
    seen = get_overview(event, with_internal=request.user.has_perm("registrations.change_registration"))
    periods = make_period_rows(event, seen.periods)
    figures = [make_figure_rows(event, figure) for figure in seen.charts]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Overview"),
        "subtitle": event.title,
        "event": event,
        "standing": seen.summary,
        "is_weekly": seen.is_weekly,
        "everybody": get_list_url(event),
        "periods": periods,
        "figures": figures,
        "charts": make_charts(event, seen, periods, figures),
    }
    return render(request, "admin/conference/event/overview.html", context)


def make_period_rows(event: Event, periods: list[Period]) -> list[dict]:
    return [
        {**period._asdict(), "url": get_list_url(event, **period.filters) if period.new else ""} for period in periods
    ]


def make_figure_rows(event: Event, figure: Chart) -> dict:
    """The figure as its table shows it: each bar with its share in per cent and the address of its people."""
    rows = [
        {
            "label": bar.label,
            "number": bar.number,
            "share": 100 * bar.number / figure.people if figure.people else 0,
            "url": get_list_url(event, **bar.filters) if bar.filters and bar.number else "",
        }
        for bar in [*figure.bars, *figure.rest]
    ]
    return {"key": figure.key, "title": figure.title, "rows": rows, "drawn": rows[: len(figure.bars)]}


def make_charts(event: Event, seen: Overview, periods: list[dict], figures: list[dict]) -> dict:
    """What overview.js draws from."""
    return {
        "time": {
            "labels": [period["label"] for period in periods],
            "numbers": [period["total"] for period in periods],
            "urls": [period["url"] for period in periods],
            "name": _("people registered"),
            "capacity": event.capacity,
            "capacityName": _("places"),
        },
        "bars": {
            figure["key"]: {
                "labels": [row["label"] for row in figure["drawn"]],
                "numbers": [row["number"] for row in figure["drawn"]],
                "urls": [row["url"] for row in figure["drawn"]],
                "name": _("people"),
            }
            for figure in figures
        },
    }
