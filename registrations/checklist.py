"""What an event lacks before it is published, with what it asks its attendees."""

from collections.abc import Iterator

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from conference import checklist
from conference.checklist import Matter, address, untranslated
from conference.models import Event
from registrations.models import Choice

worth_knowing = checklist.worth_knowing


def missing(event: Event) -> list[Matter]:
    """What should be mended before `event` is published. Six queries at most, however much it asks."""
    return [*checklist.missing(event), *questions(event), *paragraphs(event)]


def questions(event: Event) -> Iterator[Matter]:
    """Questions and choices that not every visitor can read, and those that offer nothing to choose."""
    offered = Prefetch("choices", Choice.objects.filter(removed_at__isnull=True), to_attr="choices_offered")
    for question in event.questions.asked().prefetch_related(offered):
        where = reverse("admin:registrations_question_change", args=[question.pk]) + "#id_"
        yield from untranslated(question, ["label", "help_text"], where, str(question))
        if question.has_list and not question.choices_offered:
            yield Matter(_("%(question)s: there is nothing to choose.") % {"question": question}, f"{where}label_0")
        for number, choice in enumerate(question.choices_offered):
            yield from untranslated(choice, ["label"], f"{where}choices-{number}-", f"{question}: {choice}")


def paragraphs(event: Event) -> Iterator[Matter]:
    for number, paragraph in enumerate(event.paragraphs.all()):
        yield from untranslated(paragraph, ["text"], address(event, f"#id_paragraphs-{number}-"), str(paragraph))
