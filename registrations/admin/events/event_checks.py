"""Checks of an event before it is published, including its questions and e-mail paragraphs."""

from collections.abc import Iterator

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.admin import publication_checks
from conference.admin.publication_checks import Issue, event_change_url, find_untranslated
from conference.models import Event
from registrations.models import Choice


def find_event_errors(event: Event) -> list[Issue]:
    """Return what should be corrected before `event` is published. At most six queries, whatever its size."""
    return [*publication_checks.find_errors(event), *check_questions(event), *check_paragraphs(event)]


def check_questions(event: Event) -> Iterator[Issue]:
    """Find missing translations of questions and choices, and questions without choices."""
    offered = Prefetch("choices", Choice.objects.filter(removed_at__isnull=True), to_attr="choices_offered")
    for question in event.questions.asked().prefetch_related(offered):
        where = reverse("admin:registrations_question_change", args=[question.pk]) + "#id_"
        yield from find_untranslated(question, ["label", "help_text"], where, str(question))
        if question.has_choices and not question.choices_offered:
            yield Issue(
                _("%(question)s: there are no options to choose from.") % {"question": question}, f"{where}label_0"
            )
        for number, choice in enumerate(question.choices_offered):
            yield from find_untranslated(choice, ["label"], f"{where}choices-{number}-", f"{question}: {choice}")


def check_paragraphs(event: Event) -> Iterator[Issue]:
    for number, paragraph in enumerate(event.paragraphs.all()):
        yield from find_untranslated(
            paragraph, ["text"], event_change_url(event, f"#id_paragraphs-{number}-"), str(paragraph)
        )
