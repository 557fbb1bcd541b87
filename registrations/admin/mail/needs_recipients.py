"""Writing to people who told a dietary or access need, without learning who they are.

So the page names nobody, cannot be combined with filters, and shows the message as a made-up person would get it.
"""

from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.admin_site import find_event
from registrations.mail.content import make_example
from registrations.models import (
    OutgoingEmail,
    Question,
    Registration,
    RegistrationQuerySet,
    has_answer,
    has_chosen,
    list_possible_answers,
)

# The parameter of the address, and its value for all needs together.
PARAMETER, ANY = "needs", "any"


class Need(NamedTuple):
    """What people may have told: how it is called in the address and in words, and the condition that somebody did."""

    key: str
    label: str
    told: Q


class NeedsChoice(NamedTuple):
    event: Event
    chosen: Need
    offered: list[Need]

    @property
    def people(self) -> RegistrationQuerySet:
        return self.event.registrations.live().not_erased().filter(self.chosen.told)

    def make_person(self) -> Registration:
        """Make up somebody to whom the message is shown, with a name that nobody has."""
        person = make_example(self.event, OutgoingEmail.Kind.MESSAGE, settings.LANGUAGE_CODE).registration
        person.first_name, person.last_name = _("Example"), ""
        return person


def get_needs_choice(request) -> NeedsChoice | None:
    """Return the event and the need that the address names; None if it names none that there is."""
    if not (key := request.GET.get(PARAMETER)):
        return None
    event = find_event(request, request.GET.get("event", ""))
    offered = list_needs(event) if event else []
    return next((NeedsChoice(event, need, offered) for need in offered if need.key == key), None)


def list_needs(event: Event) -> list[Need]:
    """Return the needs that people can tell, the first one for any of them. Two queries."""
    found, anything = [], Q(pk__in=[])
    for question in event.questions.about_needs().prefetch_related("choices"):
        told = told_something(question)
        anything |= told
        found.append(Need(str(question.pk), str(question.label), told))
        if question.has_choices:
            found += [
                Need(f"{question.pk}:{key}", f"{question.label}: {label}", has_chosen(question, key))
                for key, label, _is_removed in list_possible_answers(question)
            ]
    return [Need(ANY, _("any dietary or access need"), anything), *found]


def told_something(question: Question) -> Q:
    """Return the condition that somebody told a need; “no” is none."""
    return has_chosen(question, "yes") if question.kind == Question.Kind.YES_NO else has_answer(question)
