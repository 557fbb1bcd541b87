"""Pages below an event's: its overview, previews of its e-mails, and what partners can put on their own sites."""

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from conference.addresses import absolute_url
from conference.models import Event
from registrations.admin.extra_pages import admin_view, render_page
from registrations.mail.examples import render_examples
from registrations.statistics import Chart, get_list_url, get_overview

# The preview has the same style, in a style sheet because no page of this site has styles in its markup.
ADMIN_CSS = (settings.BASE_DIR / "static" / "css" / "admin.css").read_text(encoding="utf-8")
BUTTON_STYLE = " ".join(ADMIN_CSS.partition(".share-button {")[2].partition("}")[0].split())
# In CSS pixels: the form in a column of 600 or more, and what a question adds. What does not fit scrolls.
FORM_HEIGHT, QUESTION_HEIGHT = 1360, 130
# What narrow screens add, where lines break; a page builder that drops the style leaves the height above.
NARROW_SCREEN_HEIGHT = "max(0px, 670px - 85vw)"


@admin_view(Event, "registrations.view_registration", scoped=True)
def overview_view(request, event):
    """Show the event's figures as charts and as tables, each leading to the people it counts."""
    seen = get_overview(event, with_internal=request.user.has_perm("registrations.change_registration"))
    periods = [
        {**period._asdict(), "url": get_list_url(event, **period.filters) if period.new else ""}
        for period in seen.periods
    ]
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
    time = make_series(periods, "total", _("people registered"))
    bars = {figure["key"]: make_series(figure["drawn"], "number", _("people")) for figure in figures}
    return {"time": {**time, "capacity": event.capacity, "capacityName": _("places")}, "bars": bars}


def make_series(rows: list[dict], number: str, name: str) -> dict:
    columns = {"labels": "label", "numbers": number, "urls": "url"}
    return {"name": name, **{key: [row[column] for row in rows] for key, column in columns.items()}}


@admin_view(Event, "view", scoped=True)
def email_previews_view(request, event):
    """Show every message of the event in every language, as a made-up person would get it."""
    template, title = "conference/event/email_previews.html", _("E-mails of this event")
    return render_page(request, Event, template, title, event=event, messages_by_kind=render_examples(event))


@admin_view(Event, "view", scoped=True)
def share_view(request, event):
    """Show a button, the form in a frame, and the addresses, in each language."""
    questions = event.questions.asked_of_everyone().count()
    snippets = [make_snippets(event, code, questions) for code, _name in settings.LANGUAGES]
    template, title = "conference/event/share.html", _("For other sites")
    return render_page(request, Event, template, title, event=event, snippets=snippets)


def make_snippets(event: Event, language: str, number_of_questions: int) -> dict:
    """What to paste in one language; any title is escaped."""
    with override(language):
        names = ("conference:event", "registrations:register", "conference:calendar", "registrations:embed")
        page, form, calendar, frame = (absolute_url(reverse(name, args=[event.slug])) for name in names)
        button_text, title = _("Register"), f"{_('Registration')}: {event.title}"
    addresses = [(_("The event's page"), page), (_("The registration form"), form), (_("For calendars"), calendar)]
    height = FORM_HEIGHT + QUESTION_HEIGHT * number_of_questions
    return {
        "language": language,
        "language_info": get_language_info(language),
        "addresses": addresses,
        "button_text": button_text,
        "button": format_html(
            '<a href="{0}" lang="{1}" hreflang="{1}" style="{2}">{3}</a>', form, language, BUTTON_STYLE, button_text
        ),
        "frame": format_html(
            '<iframe src="{}" title="{}" lang="{}" width="100%" height="{}" style="{}" loading="lazy"></iframe>',
            frame,
            title,
            language,
            height,
            f"border: 0; height: calc({height}px + {NARROW_SCREEN_HEIGHT});",
        ),
    }
