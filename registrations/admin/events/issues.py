"""Issues of an event that organisers should solve, with links to where they can."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext

from conference.admin.publication_checks import Issue, event_change_url, find_statement_issues
from conference.models import Event, get_limited_access
from registrations.admin.events.event_checks import find_event_errors
from registrations.email_typos import count_typos
from registrations.models import OutgoingEmail
from registrations.statistics import Summary, get_list_url


def find_issues(event: Event, summary: Summary, user) -> list[Issue]:
    """Return the issues that `user` may see and solve. None after the event has ended.

    The number of queries does not depend on the number of people.
    """
    if event.has_ended:
        return []
    found = []
    if user.has_perm("conference.change_event"):
        found += [*find_event_errors(event), *check_overbooking(event, summary)]
    if user.has_perm("conference.change_accessibilitystatement") and not get_limited_access(user):
        found += find_statement_issues()
    if user.has_perm("registrations.view_outgoingemail"):
        found += check_failed_emails(event)
    if user.has_perms(["registrations.view_registration", "registrations.view_email"]):
        found += check_email_typos(event)
    return found


def check_overbooking(event: Event, summary: Summary) -> Iterator[Issue]:
    if event.capacity is not None and (number := summary.taken - event.capacity) > 0:
        text = ngettext("%(number)d place too many is taken.", "%(number)d places too many are taken.", number)
        yield Issue(text % {"number": number}, event_change_url(event, "#id_capacity"))


def check_failed_emails(event: Event) -> Iterator[Issue]:
    if number := OutgoingEmail.objects.filter(registration__event=event).given_up().count():
        text = ngettext(
            "%(number)s e-mail could not be delivered.", "%(number)s e-mails could not be delivered.", number
        )
        emails = reverse("admin:registrations_outgoingemail_changelist")
        yield Issue(text % {"number": number}, f"{emails}?{urlencode({'event': event.pk, 'state': 'given_up'})}")


def check_email_typos(event: Event) -> Iterator[Issue]:
    if number := count_typos(event.registrations.live()):
        text = ngettext(
            "%(number)d e-mail address looks like a typo.", "%(number)d e-mail addresses look like typos.", number
        )
        yield Issue(text % {"number": number}, get_list_url(event, address="mistyped"))
