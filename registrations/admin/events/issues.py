"""Issues of an event that organisers should solve, with links to where they can."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.admin import publication_checks as checks
from conference.models import Event, get_limited_access
from registrations.email_typos import count_typos
from registrations.models import Choice, EventCounts, OutgoingEmail
from registrations.statistics import Summary, get_list_url

SHOW_CORRECTION_FOR = timedelta(days=7)
MAX_BURSTS = 10


def find_issues(event: Event, summary: Summary, user) -> list[checks.Issue]:
    """Return the issues that `user` may see and solve, none once the event is over or cancelled.

    Queries do not grow with the people.
    """
    if not event.is_coming:
        return []
    found = []
    if user.has_perm("conference.change_event"):
        found += [*find_event_errors(event), *find_place_issues(event, summary.taken)]
    if user.has_perm("conference.change_accessibilitystatement") and not get_limited_access(user):
        found += checks.find_statement_issues()
    failed = OutgoingEmail.objects.visible_to(user).filter(registration__event=event).given_up()
    if user.has_perm("registrations.view_outgoingemail") and (number := failed.count()):
        text = ngettext(
            "%(number)s e-mail could not be delivered.", "%(number)s e-mails could not be delivered.", number
        )
        emails = reverse("admin:registrations_outgoingemail_changelist")
        query = urlencode({"event": event.pk, "state": "given_up"})
        found.append(checks.Issue(text % {"number": number}, f"{emails}?{query}"))
    can_see_addresses = user.has_perms(["registrations.view_registration", "registrations.view_email"])
    if can_see_addresses and (number := count_typos(event.registrations.live())):
        text = ngettext(
            "%(number)d e-mail address looks like a typo.", "%(number)d e-mail addresses look like typos.", number
        )
        found.append(checks.Issue(text % {"number": number}, get_list_url(event, address="mistyped")))
    if can_see_addresses and (number := event.registrations.to_tell_of_place().count()):
        text = ngettext(
            "%(number)d person without e-mail got a place from the waiting list. Please tell them and print a ticket.",
            "%(number)d people without e-mail got places from the waiting list. Please tell them and print tickets.",
            number,
        )
        found.append(checks.Issue(text % {"number": number}, get_list_url(event, address="untold")))
    return [*found, *find_bursts(event)] if user.has_perm("registrations.change_registration") else found


def find_bursts(event: Event) -> list[checks.Issue]:
    """Return where many registrations came from one network: the largest of them, as there may be any number."""
    found = []
    for burst in event.bursts.with_people().filter(live__gt=0).order_by("-live", "pk")[:MAX_BURSTS]:
        text = ngettext(
            "%(number)d registration came from one network within a short time.",
            "%(number)d registrations came from one network within a short time.",
            burst.number,
        )
        url = reverse("admin:conference_event_burst", args=[event.pk, burst.pk])
        found.append(checks.Issue(text % {"number": burst.number}, url))
    return found


def find_place_issues(event: Event, taken: int) -> Iterator[checks.Issue]:
    """Yield what is wrong with the number of places `taken`, or was until it was corrected. One query."""
    if event.capacity is not None and (number := taken - event.capacity) > 0:
        text = ngettext("%(number)d place too many is taken.", "%(number)d places too many are taken.", number)
        yield checks.Issue(text % {"number": number}, checks.event_change_url(event, "#id_capacity"))
    corrected_at = EventCounts.objects.get(event=event).corrected_at
    if corrected_at and timezone.now() - corrected_at < SHOW_CORRECTION_FOR:
        text = _(
            "The stored numbers of places did not match the registrations and were corrected on %(day)s. Please check "
            "that nobody has a place too many, and tell whoever runs the site."
        )
        day = date_format(corrected_at.astimezone(event.zone), "DATE_FORMAT")
        yield checks.Issue(text % {"day": day}, get_list_url(event))


def find_event_errors(event: Event) -> list[checks.Issue]:
    """Return what should be corrected before `event` is published. At most six queries, whatever its size."""
    found = [*checks.find_errors(event)]
    offered = Prefetch("choices", Choice.objects.filter(removed_at__isnull=True), to_attr="choices_offered")
    for question in event.questions.asked().prefetch_related(offered):
        where = reverse("admin:registrations_question_change", args=[question.pk]) + "#id_"
        found += checks.find_untranslated(question, ["label", "help_text"], where, str(question))
        if question.has_choices and not question.choices_offered:
            text = _("%(question)s: there are no options to choose from.") % {"question": question}
            found.append(checks.Issue(text, f"{where}label_0"))
        for number, choice in enumerate(question.choices_offered):
            found += checks.find_untranslated(choice, ["label"], f"{where}choices-{number}-", f"{question}: {choice}")
    for number, paragraph in enumerate(event.paragraphs.all()):
        where = checks.event_change_url(event, f"#id_paragraphs-{number}-")
        found += checks.find_untranslated(paragraph, ["text"], where, str(paragraph))
    return found
