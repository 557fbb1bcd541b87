"""The list of an event's questions."""

from django.contrib.admin.views.main import ChangeList
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.admin.list_filters import get_chosen_event
from registrations.admin.questions.question_lifecycle import can_edit
from registrations.models import Registration, has_answer
from registrations.operations.question_edits import list_unused_templates


class QuestionChangeList(ChangeList):
    """The list with the number of answers to each question, in one query, and the templates that can be added."""

    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self.title = _("Questions")
        self.event = get_event(request)
        can_add = self.event and self.model_admin.has_add_permission(request)
        unused = list_unused_templates(self.event) if can_add else []
        self.templates = [template for template in unused if can_edit(request.user, template)]

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        counts = {
            f"n{question.pk}": Count("pk", filter=has_answer(question))
            for question in self.result_list
            if can_edit(request.user, question)
        }
        events = {question.event_id for question in self.result_list}
        numbers = Registration.objects.filter(event__in=events).aggregate(**counts) if counts else {}
        for question in self.result_list:
            question.number_of_answers = numbers.get(f"n{question.pk}")


def get_event(request) -> Event | None:
    """Return the event that the address or its list filter names, else the only one that the user can see."""
    from_list = QueryDict(request.GET.get("_changelist_filters", ""))
    return get_chosen_event(request.user, request.GET.get("event") or from_list.get("event", ""))
