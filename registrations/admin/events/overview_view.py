"""An event's overview: its figures as charts and as tables, each leading to the people it counts."""

from django.utils.translation import gettext as _

from conference.models import Event
from registrations.admin.extra_pages import admin_view, render_page
from registrations.statistics import Chart, Period, get_list_url, get_overview


@admin_view(Event, "registrations.view_registration", scoped=True)
def overview_view(request, event):
    seen = get_overview(event, with_internal=request.user.has_perm("registrations.change_registration"))
    periods = make_period_rows(event, seen.periods)
    figures = [make_figure_rows(event, figure) for figure in seen.charts]
    return render_page(
        request,
        Event,
        "conference/event/overview.html",
        _("Overview"),
        subtitle=event.title,
        event=event,
        standing=seen.summary,
        is_weekly=seen.is_weekly,
        everybody=get_list_url(event),
        periods=periods,
        figures=figures,
        charts=make_charts(event, periods, figures),
    )


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


def make_charts(event: Event, periods: list[dict], figures: list[dict]) -> dict:
    """What overview.js draws from."""
    time = {"name": _("people registered"), "capacity": event.capacity, "capacityName": _("places")}
    return {
        "time": {**make_series(periods, "total"), **time},
        "bars": {figure["key"]: {**make_series(figure["drawn"], "number"), "name": _("people")} for figure in figures},
    }


def make_series(rows: list[dict], number: str) -> dict:
    columns = {"labels": "label", "numbers": number, "urls": "url"}
    return {name: [row[column] for row in rows] for name, column in columns.items()}
