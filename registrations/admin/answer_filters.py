"""The filters of the list of registrations by the answers to an event's questions."""

from django.db.models import Count, Q
from django.utils.translation import gettext

from conference.models import Event
from registrations.admin.list_filters import ANSWER_PREFIX, ChoiceFilter, get_filtered_events
from registrations.models import Question, Registration, has_answer, has_chosen, list_possible_answers

# No choice has this key.
NO_ANSWER = "-"


class AnswerFilter(ChoiceFilter):
    """By the answers to `question`; subclasses are made for each question."""

    def lookups(self, request, model_admin):
        return [*self.offered, (NO_ANSWER, gettext("no answer"))]

    def filter_queryset(self, queryset):
        if self.value() == NO_ANSWER:
            return queryset.filter(event=self.question.event_id).exclude(has_answer(self.question))
        return queryset.filter(has_chosen(self.question, self.value()))


def make_answer_filters(request) -> list[type[AnswerFilter]]:
    """Return a filter for each question with choices of the chosen event, or of the only one.

    Removed choices are offered while somebody's answer is one. Questions that only organisers answer are for those
    who may change registrations; questions about dietary and access needs have no filter.
    """
    chosen = get_filtered_events(request)
    if len(chosen) != 1:
        return []
    (event,) = chosen
    requested = [name.removeprefix(ANSWER_PREFIX) for name in request.GET if name.startswith(ANSWER_PREFIX)]
    questions = event.questions.not_about_needs().selectable().filter(Q(removed_at__isnull=True) | Q(key__in=requested))
    if not request.user.has_perm("registrations.change_registration"):
        questions = questions.filter(is_internal=False)
    possible = {question: list_possible_answers(question) for question in questions.prefetch_related("choices")}
    unused = find_unused_choices(event, possible)
    return [
        type(
            "AnswerFilter",
            (AnswerFilter,),
            {
                "title": str(question.label),
                "parameter_name": f"{ANSWER_PREFIX}{question.key}",
                "question": question,
                "offered": [(key, label) for key, label, _is_removed in answers if (question, key) not in unused],
            },
        )
        for question, answers in possible.items()
    ]


def find_unused_choices(event: Event, possible: dict[Question, list]) -> list[tuple[Question, str]]:
    """Return question and key of the removed choices that are nobody's answer. At most one query."""
    removed = [(question, key) for question in possible for key, _label, is_removed in possible[question] if is_removed]
    counts = {f"n{n}": Count("pk", filter=has_chosen(*pair)) for n, pair in enumerate(removed)}
    numbers = Registration.objects.filter(event=event).aggregate(**counts)
    return [pair for n, pair in enumerate(removed) if not numbers[f"n{n}"]]
