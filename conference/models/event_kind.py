"""What an event is called: a conference, a seminar … Each kind has whole sentences, because nouns change in them."""

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    CONFERENCE = "conference", _("conference")
    SEMINAR = "seminar", _("seminar")
    WORKSHOP = "workshop", _("workshop")
    LECTURE = "lecture", _("lecture")
    COURSE = "course", _("course")
    SUMMER_SCHOOL = "summer_school", _("summer school")
    EVENT = "event", _("event")


class EventSentences(NamedTuple):
    """What attendees read of an event of one kind; all other texts for them do without its name.

    `consent` has a place for the link to the `privacy_notice`.
    """

    about: Promise
    is_coming: Promise
    is_over: Promise
    is_cancelled: Promise
    takes_place: Promise
    consent: Promise


SENTENCES = {
    EventKind.CONFERENCE: EventSentences(
        _("About the conference"),
        _("The conference is coming up, and you have a place. We look forward to seeing you."),
        _("The conference is over."),
        _("The conference has been cancelled."),
        _("The conference will take place after all."),
        _("I agree that the organisers may use this data to run the conference, as described in the {privacy_notice}"),
    ),
    EventKind.SEMINAR: EventSentences(
        _("About the seminar"),
        _("The seminar is coming up, and you have a place. We look forward to seeing you."),
        _("The seminar is over."),
        _("The seminar has been cancelled."),
        _("The seminar will take place after all."),
        _("I agree that the organisers may use this data to run the seminar, as described in the {privacy_notice}"),
    ),
    EventKind.WORKSHOP: EventSentences(
        _("About the workshop"),
        _("The workshop is coming up, and you have a place. We look forward to seeing you."),
        _("The workshop is over."),
        _("The workshop has been cancelled."),
        _("The workshop will take place after all."),
        _("I agree that the organisers may use this data to run the workshop, as described in the {privacy_notice}"),
    ),
    EventKind.LECTURE: EventSentences(
        _("About the lecture"),
        _("The lecture is coming up, and you have a place. We look forward to seeing you."),
        _("The lecture is over."),
        _("The lecture has been cancelled."),
        _("The lecture will take place after all."),
        _("I agree that the organisers may use this data to hold the lecture, as described in the {privacy_notice}"),
    ),
    EventKind.COURSE: EventSentences(
        _("About the course"),
        _("The course is coming up, and you have a place. We look forward to seeing you."),
        _("The course is over."),
        _("The course has been cancelled."),
        _("The course will take place after all."),
        _("I agree that the organisers may use this data to run the course, as described in the {privacy_notice}"),
    ),
    EventKind.SUMMER_SCHOOL: EventSentences(
        _("About the summer school"),
        _("The summer school is coming up, and you have a place. We look forward to seeing you."),
        _("The summer school is over."),
        _("The summer school has been cancelled."),
        _("The summer school will take place after all."),
        _(
            "I agree that the organisers may use this data to run the summer school, as described in the "
            "{privacy_notice}"
        ),
    ),
    EventKind.EVENT: EventSentences(
        _("About the event"),
        _("The event is coming up, and you have a place. We look forward to seeing you."),
        _("The event is over."),
        _("The event has been cancelled."),
        _("The event will take place after all."),
        _("I agree that the organisers may use this data to run the event, as described in the {privacy_notice}"),
    ),
}
