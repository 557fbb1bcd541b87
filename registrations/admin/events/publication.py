"""Before an event is published: what it lacks, and how visitors will see it."""

from django.conf import settings
from django.contrib import messages
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from conference.admin import publication_checks
from registrations.admin.events import event_checks


class PublicationMixin:
    """For the ModelAdmin of events: the checklist on the page, its warning on publishing, and the previews."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and request.method != "POST":
            context |= {
                "missing": event_checks.find_event_errors(obj),
                "worth_knowing": publication_checks.find_hints(obj),
            }
        if change:
            context["previews"] = [
                (get_language_info(code), get_page_url(code, obj)) for code, _name in settings.LANGUAGES
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        event = form.instance
        if (
            event.is_published
            and "is_published" in form.changed_data
            and (lacks := event_checks.find_event_errors(event))
        ):
            items = format_html_join(" ", '<a href="{}">{}</a>', ((lack.url, lack.text) for lack in lacks))
            said = _("The event is published, but something is still missing:")
            messages.warning(request, format_html("{} {}", said, items))


def get_page_url(language: str, event) -> str:
    """The address of the event's public page in `language`."""
    with override(language):
        return event.get_absolute_url()
