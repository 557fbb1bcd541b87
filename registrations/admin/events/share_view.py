"""What partners can put on their own sites: a button, the form in a frame, and the addresses."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from conference.addresses import absolute_url
from conference.models import Event

# White on dark blue: 10 to 1. The border is seen where a reader's own colours take the background away. Inherits the
# font of the page that it is put on. The preview's rule in admin.css says the same, for no page of this site has styles
# in its markup.
BUTTON_STYLE = (
    "display: inline-block; padding: 0.75em 1.5em; border: 2px solid #1f3a5f; border-radius: 6px; "
    "background: #1f3a5f; color: #ffffff; font-weight: 600; line-height: 1.25; text-decoration: none;"
)
# In CSS pixels: the form in a column of 600 or more, and what a question adds. What does not fit scrolls.
FORM_HEIGHT, QUESTION_HEIGHT = 1360, 130
# What narrow screens add, where lines break; a page builder that drops the style leaves the height above.
NARROW_SCREEN_HEIGHT = "max(0px, 620px - 85vw)"


@dataclass(frozen=True)
class Snippets:
    """What to paste for readers of one language: HTML that is as safe as the site itself, whatever the title says."""

    event: Event
    language: str
    number_of_questions: int

    @property
    def language_info(self) -> dict:
        return get_language_info(self.language)

    def address(self, name: str) -> str:
        """The full address of the event's page with this URL name."""
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


class ShareMixin:
    """For the ModelAdmin of events: a page with what partners can paste."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.share_view)
        return [path("<int:pk>/share/", view, name="conference_event_share"), *super().get_urls()]

    def share_view(self, request, pk):
        event = get_object_or_404(Event.objects.visible_to(request.user), pk=pk)
        if not self.has_view_permission(request, event):
            raise PermissionDenied
        number_of_questions = event.questions.asked_of_everyone().count()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("For other sites"),
            "event": event,
            "snippets": [Snippets(event, code, number_of_questions) for code, _name in settings.LANGUAGES],
        }
        return render(request, "admin/conference/event/share.html", context)
