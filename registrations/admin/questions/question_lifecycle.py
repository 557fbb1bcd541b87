"""Ceasing to ask a question or to offer a choice, going back on it, erasing for good; and adding ready-made ones."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conference.models import Event
from registrations import operations
from registrations.models.answer_queries import has_chosen
from registrations.question_templates import QUESTION_TEMPLATES


class QuestionLifecycleMixin:
    """For the ModelAdmin of questions: what is done with one beside changing it."""

    def get_urls(self):
        views = [
            ("<int:object_id>/again/", require_POST(self.restore_view), "again"),
            ("<int:object_id>/erase/", self.erase_view, "erase"),
            ("<int:object_id>/choices/<int:choice>/again/", require_POST(self.restore_choice_view), "choice_again"),
            ("ready-made/<int:event>/<slug:key>/", require_POST(self.add_template_view), "ready_made"),
        ]
        get_question_or_refuse = [
            path(route, self.admin_site.admin_view(view), name=f"registrations_question_{name}")
            for route, view, name in views
        ]
        return [*get_question_or_refuse, *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            context["removed_choices"] = self.count_removed_choices(obj)
        if obj and obj.removed_at:
            context["show_delete"] = False
        return super().render_change_form(request, context, add, change, form_url, obj)

    def count_removed_choices(self, question) -> list:
        """The question's choices that are not offered any more, each with the number of people who chose it."""
        removed = list(question.choices.filter(removed_at__isnull=False))
        counts = {f"n{choice.pk}": Count("pk", filter=has_chosen(question, choice.key)) for choice in removed}
        numbers = question.event.registrations.aggregate(**counts) if counts else {}
        return [(choice, numbers[f"n{choice.pk}"]) for choice in removed]

    def delete_view(self, request, object_id, extra_context=None):
        """Says what removing the question does, and does it."""
        question = self.get_question_or_refuse(request, object_id, "delete")
        if request.method == "POST":
            return self.act_or_redirect(request, self.change_url(question), self.remove, question)
        return self.confirmation(request, question, _("Remove the question"), "remove.html")

    def remove(self, request, question):
        label, address = str(question), self.list_url(question.event)
        if operations.remove_question(question):
            self.log_change(request, question, [{"changed": {"fields": ["removed_at"]}}])
            text = _("“%(question)s” is no longer asked. The answers already given are kept.")
        else:
            text = _("“%(question)s” was deleted; nobody had answered it.")
        messages.success(request, text % {"question": label})
        return redirect(address)

    def restore_view(self, request, object_id):
        question = self.get_question_or_refuse(request, object_id, "change")
        return self.act_or_redirect(request, self.change_url(question), self.ask_again, question)

    def ask_again(self, request, question):
        operations.restore_question(question)
        self.log_change(request, question, [{"changed": {"fields": ["removed_at"]}}])
        messages.success(request, _("“%(question)s” is asked again.") % {"question": question})
        return redirect(self.change_url(question))

    def restore_choice_view(self, request, object_id, choice):
        question = self.get_question_or_refuse(request, object_id, "change")
        choice = get_object_or_404(question.choices, pk=choice)
        return self.act_or_redirect(request, self.change_url(question), self.offer_again, choice)

    def offer_again(self, request, choice):
        operations.restore_choice(choice)
        messages.success(request, _("“%(choice)s” is offered again.") % {"choice": choice})
        return redirect(self.change_url(choice.question))

    def erase_view(self, request, object_id):
        """Asks once whether the question shall go with all its answers, says how many they are, and erases them."""
        question = self.get_question_or_refuse(request, object_id, "delete")
        if request.method == "POST":
            return self.act_or_redirect(request, self.change_url(question), self.erase, question)
        return self.confirmation(request, question, _("Erase the question with all answers"), "erase.html")

    def erase(self, request, question):
        label, address = str(question), self.list_url(question.event)
        number = operations.erase_question(question, request.user)
        text = ngettext(
            "“%(question)s” was erased with %(number)d answer.",
            "“%(question)s” was erased with %(number)d answers.",
            number,
        )
        messages.success(request, text % {"question": label, "number": number})
        return redirect(address)

    def add_template_view(self, request, event, key):
        event = get_object_or_404(Event.objects.visible_to(request.user), pk=event)
        ready = next((one for one in QUESTION_TEMPLATES if one.key == key), None)
        if ready is None:
            raise Http404
        if not self.can_add(request, ready):
            raise PermissionDenied
        return self.act_or_redirect(request, self.list_url(event), self.add_template, event, ready)

    def add_template(self, request, event, ready):
        question = operations.add_question_template(event, ready)
        if question is None:
            messages.info(request, _("This event already had the question “%(question)s”.") % {"question": ready.title})
            return redirect(self.list_url(event))
        self.log_addition(request, question, [{"added": {}}])
        text = _("“%(question)s” was added. Adapt it to your event here.")
        messages.success(request, text % {"question": question})
        return redirect(self.change_url(question))

    def get_question_or_refuse(self, request, object_id, permission: str):
        """The question that the address names, if the user may see it (else 404) and do this with it (else 403)."""
        question = self.get_object(request, unquote(str(object_id)))
        if question is None:
            raise Http404
        if not getattr(self, f"has_{permission}_permission")(request, question):
            raise PermissionDenied
        return question

    def confirmation(self, request, question, title: str, template: str):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "question": question,
            "number": question.event.registrations.with_answer_to(question).count(),
            "dependents": question.dependent_questions.all(),
            "list_address": self.list_url(question.event),
        }
        return render(request, f"admin/registrations/question/{template}", context)

    def act_or_redirect(self, request, address: str, act, *arguments):
        """What `act` returns; when it is refused, the page at `address` with the reason."""
        try:
            return act(request, *arguments)
        except operations.OperationError as refusal:
            messages.error(request, str(refusal))
            return redirect(address)

    def change_url(self, question) -> str:
        return reverse("admin:registrations_question_change", args=[question.pk])

    def list_url(self, event: Event) -> str:
        return f"{reverse('admin:registrations_question_changelist')}?event={event.pk}"
