"""The columns of the list of people: which there are, which a user sees, and what stands in them."""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from django.contrib import admin
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from conference.models import Event
from registrations import audit
from registrations.models import AdminPreferences, Question, Registration

Column = Callable[[Registration], object]


@admin.display(description=_("Name"), ordering="sort_name")
def name(registration):
    return registration.full_name or _("(erased)")


@admin.display(description=_("organisation"), ordering="organisation")
def organisation(registration):
    """In whole where the pointer is: a narrow column shows the beginning."""
    return format_html('<span title="{0}">{0}</span>', registration.organisation) if registration.organisation else ""


@admin.display(description=_("job title"), ordering="job_title")
def job_title(registration):
    return registration.job_title


@admin.display(description=_("country"), ordering="country")
def country(registration):
    return countries.name(registration.country)


@admin.display(description=_("sector"), ordering="sector")
def sector(registration):
    return registration.sector_label


@admin.display(description=_("e-mail"), ordering="email")
def email(registration):
    """A link to write to the person, which a narrow column breaks before a dot or the @ and not within a word."""
    if not registration.email:
        return "" if registration.erased_at else _("no e-mail")
    shown = SafeString(re.sub(r"(?=[.@+_-])", "<wbr>", escape(registration.email)))
    return format_html('<a href="mailto:{}">{}</a>', quote(registration.email, safe="@+"), shown)


@admin.display(description=_("status"), ordering="status")
def status(registration):
    return registration.get_status_display()


@admin.display(description=_("registered"), ordering="created_at")
def registered(registration):
    return audit.format_value(registration, "created_at", registration.created_at)


@admin.display(description=_("event"), ordering="event__slug")
def event(registration):
    return f"{registration.event.slug}{registration.event.mark}"


@admin.display(description=_("tags"))
def tags(registration):
    return ", ".join(registration.tags)


@admin.display(description=_("attended"), ordering="checked_in_at")
def came(registration):
    return audit.format_value(registration, "checked_in_at", registration.checked_in_at)


@admin.display(description=_("reference"), ordering="reference")
def reference(registration):
    return registration.reference


# In the order in which the list shows them, whichever are chosen.
COLUMNS: dict[str, Column] = {
    column.__name__: column
    for column in (
        *(name, organisation, job_title, country, sector),
        *(email, status, registered, came, tags, reference, event),
    )
}
DEFAULT_COLUMNS = ["name", "organisation", "email", "status", "registered", "came", "tags"]


def make_answer_column(question: Question) -> Column:
    @admin.display(description=str(question.label))
    def column(registration):
        return question.format_answer(registration.answers.get(question.key))

    column.__name__ = f"{audit.ANSWERS}.{question.key}"
    return column


def list_offered_columns(user, events: list[Event]) -> Iterator[Column]:
    """Yield the columns that `user` may choose for a list of the people of `events`; the questions of a single one.

    As in exports, nothing about needs is among them, and what only organisers answer is for who may change people.
    """
    shown = Registration.objects.list_shown_fields(events)
    hidden = {"event", *(field for field in Event.ASKED_FIELDS if field not in shown)}
    if not user.has_perm("registrations.view_email"):
        hidden.add("email")
    if all(event.starts_at > timezone.now() for event in events):
        hidden.add("came")
    yield from (column for key, column in COLUMNS.items() if key not in hidden)
    if len(events) == 1:
        questions = events[0].questions.asked().not_about_needs().prefetch_related("choices")
        if not user.has_perm("registrations.change_registration"):
            questions = questions.filter(is_internal=False)
        yield from map(make_answer_column, questions)
    else:
        yield event


def choose_columns(user, offered: Iterable[Column]) -> list[Column]:
    """Return the offered columns that `user` has chosen; the name always, and the event where it is offered."""
    chosen = AdminPreferences.objects.filter(user=user).values_list("columns", flat=True).first()
    names = {"name", "event", *(DEFAULT_COLUMNS if chosen is None else chosen)}
    return [column for column in offered if column.__name__ in names]


def get_label(column: Column) -> str:
    return capfirst(str(column.short_description))
