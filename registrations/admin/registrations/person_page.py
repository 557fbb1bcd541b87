"""The page of one person: how they stand, what can be done now, what can be corrected, and what has happened."""

from typing import NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import time_zone_note
from registrations import audit, operations
from registrations.admin.registrations.person_state import PersonState
from registrations.admin.registrations.single_actions import Prominence, list_buttons
from registrations.forms.fields import get_field_name
from registrations.forms.organiser import OrganiserChangeForm
from registrations.forms.questionnaire import get_questions, is_for_organisers, list_fields_left_out
from registrations.models import Question, Registration, list_answers

# A part of the page that is closed until somebody wants it; open if something in it was refused.
FOLD = ["collapse"]


class HistoryLine(NamedTuple):
    """One thing that somebody did: a change from one value to another, or what the log says instead."""

    at: object
    who: str
    what: str
    old: str = ""
    new: str = ""
    is_hidden: bool = False
    is_change: bool = False


class PersonPageMixin:
    """For the ModelAdmin of registrations: everything about its page of one person."""

    form = OrganiserChangeForm
    readonly_fields = ["new_email", "answers_given", "earlier_answers", "earlier_internal_answers"]
    readonly_fields += ["sector_shown", "language_shown"]
    # Those who may only look read the rest in the head.
    facts = ["country", "sector_shown", "topics", "language_shown"]
    fieldsets = [
        (
            _("Details"),
            {
                "fields": [
                    *(("first_name", "last_name"), "email", "new_email", ("organisation", "job_title")),
                    *("internal_note", "tags"),
                ]
            },
        ),
        (_("More about the person"), {"fields": ["country", "sector", "topics", "language"], "classes": FOLD}),
    ]

    @admin.display(description=_("sector"))
    def sector_shown(self, registration):
        return str(registration.sector_label) or None

    @admin.display(description=_("language"))
    def language_shown(self, registration):
        return audit.format_value(registration, "language", registration.language)

    @admin.display(description=_("answers"))
    def answers_given(self, registration):
        """For users who may not change the registration: without internal answers and needs."""
        questions = registration.event.questions.shown_to_attendees().not_about_needs()
        return format_answers(registration, questions.prefetch_related("choices"))

    @admin.display(description=_("to removed questions"))
    def earlier_answers(self, registration):
        return format_answers(registration, get_earlier_questions(registration, is_internal=False))

    @admin.display(description=_("to removed questions that only organisers saw"))
    def earlier_internal_answers(self, registration):
        return format_answers(registration, get_earlier_questions(registration, is_internal=True))

    def get_form(self, request, obj=None, change=False, **kwargs):
        if self.has_change_permission(request, obj):  # the form adds the fields of the event's questions
            kwargs["fields"] = flatten_fieldsets(self.fieldsets)
        else:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        left_out = set(list_fields_left_out(obj.event, obj))
        earlier = ["earlier_answers"] if get_earlier_questions(obj, is_internal=False) else []
        if not self.has_change_permission(request, obj):
            is_kept = {name: obj.has_filled_in(name.removesuffix("_shown")) for name in self.facts}
            facts = [name for name in self.facts if is_kept[name] and name.removesuffix("_shown") not in left_out]
            answers = ["answers_given"] if self.answers_given(obj) else []
            parts = [(_("Details"), facts, []), (_("Answers"), [*answers, *earlier], [])]
        else:
            hidden = left_out if obj.new_email else {*left_out, "new_email"}
            parts = [
                (title, leave_out(options["fields"], hidden), options.get("classes", []))
                for title, options in self.fieldsets
            ]
            # The answers are fields, in a fieldset of their own.
            asked = [get_field_name(one) for one in get_questions(obj.event) if is_for_organisers(one)]
            internal = ["earlier_internal_answers"] if get_earlier_questions(obj, is_internal=True) else []
            parts.append((_("Answers"), [*asked, *earlier, *internal], FOLD))
        return [(title, {"fields": fields, "classes": classes}) for title, fields, classes in parts if fields]

    def get_hidden_fields(self, request, obj) -> set[str]:
        """Return the fields of the registration and its change history that the page does not show to this user."""
        hidden = set() if request.user.has_perm("registrations.view_email") else {"email", "new_email"}
        if self.has_change_permission(request, obj):
            return hidden
        internal = {f"{audit.ANSWERS}.{question.key}" for question in get_questions(obj.event) if question.is_internal}
        return hidden | {"internal_note"} | internal

    def save_model(self, request, registration, form, change):
        topics = form.cleaned_data["topics"] if "topics" in form.changed_data else None
        operations.correct_details(registration, values=form.corrected(), topics=topics, by=request.user)
        if "email" in form.changed_data and form.initial["email"] != form.cleaned_data["email"]:
            text = _("The personal link changed together with the address and is being sent to the new one.")
            if not registration.email:
                text = _("Without an e-mail address, no more e-mail is sent. The personal link changed.")
            messages.info(request, text)

    def save_related(self, request, form, formsets, change):
        """Not the topics: `save_model` has stored them with the rest."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        state, hidden = PersonState(obj), self.get_hidden_fields(request, obj)
        buttons = list_buttons(request, state)
        shown = [one for one in buttons if one.prominence < Prominence.FOLDED]
        context |= {
            "title": obj.full_name or _("(erased)"),
            "subtitle": None,
            "state": state,
            "shows_email": "email" not in hidden,
            "buttons": shown,
            "more_buttons": [one for one in buttons if one not in shown],
            "last_email": state.find_last_email(request.user),
            "dates": state.list_dates(),
            "time_zone_note": time_zone_note(),
            "history": list_history(obj, hidden=hidden),
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)


def leave_out(fields: list, hidden: set[str]) -> list:
    """Return the fields of a fieldset, some of which stand in one line, without the `hidden` ones."""
    lines = [[name for name in ([line] if isinstance(line, str) else line) if name not in hidden] for line in fields]
    return [tuple(line) if len(line) > 1 else line[0] for line in lines if line]


def get_earlier_questions(registration: Registration, *, is_internal: bool) -> list[Question]:
    """Return the removed questions that have an answer, for organisers alone or for others; not those about needs."""
    removed = [
        one
        for one in get_questions(registration.event)
        if one.removed_at and not one.is_about_needs and one.is_internal == is_internal
    ]
    return [question for question in removed if question.format_answer(registration.answers.get(question.key))]


def format_answers(registration: Registration, questions) -> str:
    return "\n".join(f"{label}: {answer}" for label, answer in list_answers(registration, questions))


def list_history(registration: Registration, *, hidden: set[str]) -> list[HistoryLine]:
    """Return who did what, the latest first: the changes, and of the log what is no change. Two queries."""
    changes = [
        HistoryLine(
            *(one.changed_at, str(one.changed_by or one.get_actor_display()), label, one.old, one.new),
            *(is_hidden, True),
        )
        for one, label, is_hidden in audit.list_changes(registration, hidden=hidden)
    ]
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Registration), object_id=str(registration.pk)
    )
    # The log's own words for a corrected field, without its values.
    others = entries.exclude(change_message__contains='{"changed"').select_related("user")[: audit.MAX_CHANGES]
    done = [HistoryLine(one.action_time, str(one.user), one.get_change_message()) for one in others]
    return sorted([*changes, *done], key=lambda line: line.at, reverse=True)
