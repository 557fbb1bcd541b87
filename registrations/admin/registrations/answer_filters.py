"""Filters by answers to the questions of one event; never to questions about dietary and access needs."""

from django.db.models import Count, Q
from django.utils.translation import gettext

from conference.models import Event
from registrations.admin.list_filters import ANSWER_PREFIX, ChoiceFilter, get_chosen_event
from registrations.models import Question, Registration, has_answer, has_chosen, list_possible_answers

# No choice has this key.
NO_ANSWER = "-"


class AnswerFilter(ChoiceFilter):
    """By the answers to `question`; `offered` has the key and the label of each answer to choose from."""

    question: Question
    offered: list[tuple[str, str]]

    def lookups(self, request, model_admin):
        return [*self.offered, (NO_ANSWER, gettext("no answer"))]

    def filter_queryset(self, queryset):
        if self.value() == NO_ANSWER:
            return queryset.filter(event=self.question.event_id).exclude(has_answer(self.question))
        return queryset.filter(has_chosen(self.question, self.value()))


def get_answer_filters(request) -> list[type[AnswerFilter]]:
    """Return a filter for each question with choices of the chosen event, or of the only one. Queries once per request.

    Removed choices are offered while somebody's answer is one. Questions that only organisers answer are for those
    who may change registrations.
    """
    if not hasattr(request, "answer_filters"):
        event = get_chosen_event(request.user, request.GET.get("event", ""))
        request.answer_filters = make_filters(event, request) if event else []
    return request.answer_filters


def make_filters(event: Event, request) -> list[type[AnswerFilter]]:
    requested = [name.removeprefix(ANSWER_PREFIX) for name in request.GET if name.startswith(ANSWER_PREFIX)]
    questions = event.questions.not_about_needs().selectable().filter(Q(removed_at__isnull=True) | Q(key__in=requested))
    if not request.user.has_perm("registrations.change_registration"):
        questions = questions.filter(is_internal=False)
    questions = list(questions.prefetch_related("choices"))
    in_use = find_removed_in_use(event, questions)
    return [
        type(
            "AnswerFilter",
            (AnswerFilter,),
            {
                "title": str(question.label),
                "parameter_name": f"{ANSWER_PREFIX}{question.key}",
                "question": question,
                "offered": [
                    (key, label)
                    for key, label, is_removed in list_possible_answers(question)
                    if not is_removed or (question.key, key) in in_use
                ],
            },
        )
        for question in questions
    ]


def find_removed_in_use(event: Event, questions: list[Question]) -> set[tuple[str, str]]:
    """Return the keys of question and choice of removed choices in somebody's answers. At most one query."""
    removed = [
        (question, key)
        for question in questions
        for key, _label, is_removed in list_possible_answers(question)
        if is_removed
    ]
    if not removed:
        return set()
    counts = {f"n{n}": Count("pk", filter=has_chosen(*pair)) for n, pair in enumerate(removed)}
    numbers = Registration.objects.filter(event=event).aggregate(**counts)
    return {(question.key, key) for n, (question, key) in enumerate(removed) if numbers[f"n{n}"]}
