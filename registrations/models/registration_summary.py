"""What a registration says, as labels and texts to show to people."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from conference.text.email_addresses import decode_domain
from conference.text.languages import TranslatedText
from registrations.models.question import Question
from registrations.models.registration import Registration

LabelledTexts = list[tuple[TranslatedText, list[TranslatedText]]]


def list_details(registration: Registration, *, with_needs: bool = False) -> LabelledTexts:
    """Return what the person entered as labels with texts, without empty answers.

    Organisers' texts stay translatable, so that a page can mark their language. Dietary and access needs are included
    only `with_needs`, for the person's own page: many people may see an e-mail. What is no longer asked is left out.
    """
    event = registration.event
    questions = event.questions.shown_to_attendees().prefetch_related("choices")
    asked_fields = {
        "organisation": (_("Organisation"), [registration.organisation]),
        "job_title": (_("Job title"), [registration.job_title]),
        "country": (_("Country"), [registration.country.name]),
        "sector": (_("Sector"), [registration.sector_label]),
        "topics": (_("Topics of interest"), [topic.title for topic in registration.topics.all()]),
    }
    details = [
        (_("First name"), [registration.first_name]),
        (_("Last name"), [registration.last_name]),
        (_("E-mail"), [decode_domain(registration.email)]),
        *(labelled for name, labelled in asked_fields.items() if event.is_asked(name)),
        *list_answer_texts(registration, questions if with_needs else questions.not_about_needs()),
    ]
    return [(label, texts) for label, texts in details if any(texts)]


def list_answer_texts(registration: Registration, questions: Iterable[Question]) -> LabelledTexts:
    answers = registration.answers  # no query without any
    return [(one.label, one.get_answer_texts(answers.get(one.key))) for one in questions] if answers else []


def list_answers(registration: Registration, questions: Iterable[Question] | None = None) -> list[tuple[str, str]]:
    """Return labels and answers in the active language, by default of all questions, also internal and removed ones."""
    if questions is None:
        questions = registration.event.questions.prefetch_related("choices")
    answered = list_answer_texts(registration, questions)
    return [(str(label), "\n".join(map(str, texts))) for label, texts in answered if texts]
