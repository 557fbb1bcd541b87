"""The registration form as attendees see it, to look at beside the questions that it is made of."""

from math import inf
from typing import NamedTuple

from crispy_forms.layout import Div
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, get_language_info, override

from conference.models import Event
from conference.site_urls import translate_path
from conference.text.languages import get_fallback_language
from registrations.forms.attendee import SignUpForm
from registrations.forms.fields import get_field_name
from registrations.models import Question


class FormPreview(SignUpForm):
    """The public form with ids of its own, so that it can stand on a page with other forms.

    `edited` is an unsaved question, or takes the place of the stored one; the form marks it.
    """

    def __init__(self, *, event: Event, edited: Question | None = None):
        self.edited = edited
        super().__init__(event=event, auto_id=f"preview_{get_language()}_%s")
        self.issued = None
        del self.fields["website"]
        if "country" in self.fields:  # nobody opens the list
            self.fields["country"].choices = list(self.fields["country"].widget.choices)[:1]

    def list_questions(self):
        questions = super().list_questions()
        if not self.edited:
            return questions
        others = [question for question in questions if question.pk != self.edited.pk]
        return sorted([*others, self.edited], key=lambda question: (question.position, question.pk or inf))

    def build_layout(self):
        layout = super().build_layout()
        del layout["website"]
        name = self.edited and get_field_name(self.edited)
        if name in layout:
            layout[name] = Div(layout[name], css_class="edited")
        return layout


class RenderedPreview(NamedTuple):
    """The form in one language, as HTML, and the address of the real one."""

    language: dict
    html: str
    url: str


def render_form_previews(event: Event, edited: Question | None = None) -> list[RenderedPreview]:
    """Render the form in each language of the event's title, the active one first."""
    if edited:
        prefetch_related_objects([edited], "choices")
    codes = sorted(dict(settings.LANGUAGES), key=lambda code: code != get_language())
    rendered = [render_form_preview(event, edited, code) for code in codes]
    return [preview for preview in rendered if preview]


def render_form_preview(event: Event, edited: Question | None, code: str) -> RenderedPreview | None:
    """Return nothing in a language that the event's title lacks."""
    with override(code):
        if get_fallback_language(event.title):
            return None
        form = FormPreview(event=event, edited=edited)
        html = render_to_string("registrations/_form_fields.html", {"form": form})
    url = translate_path(reverse("registrations:register", args=[event.slug]), code)
    return RenderedPreview(get_language_info(code), html, url)
