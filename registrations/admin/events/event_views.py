"""Pages below an event's: its overview, a copy, previews of its e-mails, and what partners show on their own sites."""

from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy, override
from django.utils.translation import gettext as _

from conference.local_time import INVALID_DATE, localize
from conference.models import Event, validate_slug_is_free, validate_year
from conference.site_urls import absolute_url
from registrations import operations
from registrations.admin.events.free_addresses import MAX_ROOT_LENGTH, SLUG_TAKEN, find_free_address
from registrations.admin.events.issues import find_event_errors, find_issues
from registrations.admin.events.next_steps import find_next_step
from registrations.admin.events.shortcuts import list_ready_lists, list_shortcuts
from registrations.admin.extra_pages import admin_view, log_addition, render_page
from registrations.availability import would_wait
from registrations.mail.content import render_examples
from registrations.mail.outbox import get_health
from registrations.models import OutgoingEmail, choose_event, get_chosen_event
from registrations.operations.event_copy import SHIFTED_FIELDS
from registrations.statistics import Chart, get_list_url, get_overview

# The preview has the same style, in a style sheet because no page of this site has styles in its markup.
ADMIN_CSS = (settings.BASE_DIR / "static" / "css" / "admin.css").read_text(encoding="utf-8")
BUTTON_STYLE = " ".join(ADMIN_CSS.partition(".share-button {")[2].partition("}")[0].split())
# Of the organisations; the others are folded.
ROWS_OPEN = 10
# In CSS pixels: the form in a column of 600 or more, and what a question adds. What does not fit scrolls.
FORM_HEIGHT, QUESTION_HEIGHT = 1390, 130
# What narrow screens add, where lines break; a page builder that drops the style leaves the height above.
NARROW_SCREEN_HEIGHT = "max(0px, 760px - 85vw)"


@admin_view(Event, "registrations.view_registration", scoped=True)
def overview_view(request, event):
    """Show what to do next, what needs attention, and the figures, each leading to the people it counts.

    From now on the user works on this event.
    """
    if get_chosen_event(request.user) != event:
        choose_event(request.user, event)
        request.chosen_event = event
    seen = get_overview(event, with_internal=request.user.has_perm("registrations.change_registration"))
    periods = [
        {**period._asdict(), "url": get_list_url(event, **period.filters) if period.new else ""}
        for period in seen.periods
    ]
    matters = find_issues(event, seen.summary, request.user)
    missing = find_event_errors(event) if not event.is_published else []
    figures = [make_figure_rows(event, figure) for figure in seen.charts]
    return render_page(
        request,
        Event,
        "conference/event/overview.html",
        _("Overview"),
        subtitle=event.title,
        event=event,
        summary=seen.summary,
        step=find_next_step(event, seen.summary, timezone.now(), request.user, missing),
        shortcuts=list_shortcuts(event, request.user),
        ready_lists=list_ready_lists(request.user),
        has_no_place=would_wait(event, taken=seen.summary.taken, waiting=seen.summary.waiting),
        matters=matters,
        health=get_visible_health(request.user),
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
            **bar._asdict(),
            "share": 100 * bar.number / figure.people if figure.people else 0,
            "url": get_list_url(event, **bar.filters) if bar.filters and bar.number else "",
        }
        for bar in [*figure.bars, *figure.rest]
    ]
    is_long = figure.key == "organisation"
    return {
        "key": figure.key,
        "title": figure.title,
        "tables": [rows[:ROWS_OPEN], rows[ROWS_OPEN:]] if is_long else [rows],
        "drawn": rows[: min(len(figure.bars), ROWS_OPEN) if is_long else len(figure.bars)],
    }


def get_visible_health(user):
    """Return how the outbox stands, for users who may see it."""
    sees_emails = user.has_perm("registrations.view_outgoingemail")
    return get_health(OutgoingEmail.objects.visible_to(user)) if sees_emails else None


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
    template, title = "conference/event/email_previews.html", _("E-mails of this event")
    return render_page(request, Event, template, title, event=event, messages_by_kind=render_examples(event))


@admin_view(Event, "view", scoped=True)
def share_view(request, event):
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
    button = '<a href="{0}" lang="{1}" hreflang="{1}" style="{2}">{3}</a>'
    iframe = '<iframe src="{}" title="{}" lang="{}" width="100%" height="{}" style="{}" loading="lazy"></iframe>'
    height = FORM_HEIGHT + QUESTION_HEIGHT * number_of_questions
    style = f"border: 0; height: calc({height}px + {NARROW_SCREEN_HEIGHT});"
    return {
        "language": language,
        "language_info": get_language_info(language),
        "addresses": addresses,
        "button_text": button_text,
        "button": format_html(button, form, language, BUTTON_STYLE, button_text),
        "frame": format_html(iframe, frame, title, language, height, style),
    }


class CopyForm(forms.Form):
    """The day on which the copy starts, and its address. The time of day stays, in the event's time zone."""

    day = forms.DateField(
        label=gettext_lazy("New date"),
        error_messages={"invalid": INVALID_DATE},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[validate_year],
    )
    slug = forms.SlugField(label=gettext_lazy("New address"), max_length=50, validators=[validate_slug_is_free])
    copy: Event | None = None

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event

    def clean_day(self) -> datetime:
        """Return when the copy starts."""
        time = self.event.starts_at.astimezone(self.event.zone).time()
        return localize(datetime.combine(self.cleaned_data["day"], time.replace(fold=0)), self.event.zone)

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if Event.objects.filter(slug=slug).exists():
            raise ValidationError(SLUG_TAKEN)
        return slug

    def clean(self):
        if "day" in self.cleaned_data:
            starts_at, slug = self.cleaned_data["day"], self.cleaned_data.get("slug", "")
            self.copy = operations.build_event_copy(self.event, starts_at=starts_at, slug=slug)
            kept = {field.name for field in Event._meta.fields} - set(SHIFTED_FIELDS)
            try:
                self.copy.full_clean(exclude=kept, validate_unique=False)
            except ValidationError as error:
                raise ValidationError(error.messages) from None


@admin_view(Event, "add", scoped=True)
def copy_view(request, event):
    """Show how the times move with a new day; copy the event when that button is pressed."""
    form = CopyForm(request.POST if request.method == "POST" else suggest_copy(event), event=event)
    if form.is_valid() and request.method == "POST" and "show" not in request.POST:
        try:
            copy = operations.copy_event(event, starts_at=form.copy.starts_at, slug=form.copy.slug)
        except IntegrityError:  # somebody has just taken the address, or the button was pressed twice
            form.add_error("slug", SLUG_TAKEN)
        except operations.Busy as busy:
            form.add_error(None, str(busy))
        else:
            return redirect_to_copy(request, copy)
    times = [
        (capfirst(Event._meta.get_field(name).verbose_name), getattr(event, name), getattr(form.copy, name, None))
        for name in SHIFTED_FIELDS
        if getattr(event, name)
    ]
    template, title = "conference/event/copy.html", _("Copy an event")
    return render_page(request, Event, template, title, event=event, form=form, times=times)


def redirect_to_copy(request, copy: Event):
    log_addition(request, copy)
    text = _(
        "This is the copy. It has the texts, settings, topics, partners, questions and e-mail "
        "paragraphs, but no registrations. It is not published."
    )
    messages.success(request, text)
    messages.info(request, _("Please check the title, any dates in the texts, the times and the number of places."))
    choose_event(request.user, copy)
    return redirect("admin:conference_event_publish", copy.pk)


def suggest_copy(event: Event) -> dict:
    """Return the same weekday 52 weeks later, and a free address with that year."""
    was = event.starts_at.astimezone(event.zone).date()
    day = was + timedelta(weeks=52)
    while day <= timezone.localdate():
        day += timedelta(weeks=52)
    root = event.slug.removesuffix(f"-{was.year}")
    return {"day": day.isoformat(), "slug": find_free_address(root[:MAX_ROOT_LENGTH], day)}
