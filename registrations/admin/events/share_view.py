"""What partners can put on their own sites: a button, the form in a frame, and the addresses."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from conference.addresses import absolute_url
from conference.models import Event
from registrations.admin.extra_pages import admin_view, render_page

# The preview has the same style, in a style sheet because no page of this site has styles in its markup.
ADMIN_CSS = (settings.BASE_DIR / "static" / "css" / "admin.css").read_text(encoding="utf-8")
BUTTON_STYLE = " ".join(ADMIN_CSS.partition(".share-button {")[2].partition("}")[0].split())
# In CSS pixels: the form in a column of 600 or more, and what a question adds. What does not fit scrolls.
FORM_HEIGHT, QUESTION_HEIGHT = 1360, 130
# What narrow screens add, where lines break; a page builder that drops the style leaves the height above.
NARROW_SCREEN_HEIGHT = "max(0px, 670px - 85vw)"


@dataclass(frozen=True)
class Snippets:
    """What to paste in one language; any title is escaped."""

    event: Event
    language: str
    number_of_questions: int

    @property
    def language_info(self) -> dict:
        return get_language_info(self.language)

    def address(self, name: str) -> str:
        """Return the absolute URL of the event's page with this URL name."""
        with override(self.language):
            return absolute_url(reverse(name, args=[self.event.slug]))

    @property
    def addresses(self) -> list[tuple[str, str]]:
        return [
            (_("The event's page"), self.address("conference:event")),
            (_("The registration form"), self.address("registrations:register")),
            (_("For calendars"), self.address("conference:calendar")),
        ]

    @property
    def button_text(self) -> str:
        with override(self.language):
            return _("Register")

    @property
    def button(self) -> str:
        return format_html(
            '<a href="{}" lang="{}" hreflang="{}" style="{}">{}</a>',
            self.address("registrations:register"),
            self.language,
            self.language,
            BUTTON_STYLE,
            self.button_text,
        )

    @property
    def frame(self) -> str:
        with override(self.language):
            title = f"{_('Registration')}: {self.event.title}"
        height = FORM_HEIGHT + QUESTION_HEIGHT * self.number_of_questions
        return format_html(
            '<iframe src="{}" title="{}" lang="{}" width="100%" height="{}" style="{}" loading="lazy"></iframe>',
            self.address("registrations:embed"),
            title,
            self.language,
            height,
            f"border: 0; height: calc({height}px + {NARROW_SCREEN_HEIGHT});",
        )


@admin_view(Event, "view", scoped=True)
def share_view(request, event):
    number_of_questions = event.questions.asked_of_everyone().count()
    snippets = [Snippets(event, code, number_of_questions) for code, _name in settings.LANGUAGES]
    return render_page(
        request, Event, "conference/event/share.html", _("For other sites"), event=event, snippets=snippets
    )
