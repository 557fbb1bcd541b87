"""The page on which an event is published, after a look at what is missing and at its pages."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from conference.admin.publication_checks import find_hints
from conference.models import Event
from registrations import operations
from registrations.admin.events.event_settings import list_previews, warn_after_saving
from registrations.admin.events.issues import find_event_errors
from registrations.admin.extra_pages import (
    admin_view,
    log_change,
    refusals_as_messages,
    render_page,
    report_promoted,
)


@admin_view(Event, "change", scoped=True)
def publish_view(request, event):
    """Show what is missing, and publish the event or withdraw it when a button is pressed."""
    if request.method == "POST" and request.POST.get("do") in ("publish", "withdraw"):
        with refusals_as_messages(request):
            set_published(request, event, is_published=request.POST["do"] == "publish")
        return redirect(request.path)
    return render_page(
        request,
        Event,
        "conference/event/publish.html",
        _("Publish"),
        subtitle=event,
        event=event,
        can_delete=admin.site.get_model_admin(Event).has_delete_permission(request, event),
        missing=find_event_errors(event),
        worth_knowing=find_hints(event),
        previews=list_previews(event),
    )


def set_published(request, event: Event, *, is_published: bool) -> None:
    """Do nothing if it is so already, for example because somebody else has just pressed the button."""
    others = Event.objects.filter(pk=event.pk, is_published=not is_published)
    if not others.update(is_published=is_published, updated_at=timezone.now()):
        return
    event.is_published = is_published
    log_change(request, event, [{"changed": {"fields": ["Published"]}}])
    report_promoted(request, len(operations.promote_waiting_list(event)))
    warn_after_saving(request, event, has_moved=False)
    if not is_published:
        messages.success(request, _("The event is a draft again. Only organisers can see its page."))
    elif errors := find_event_errors(event):
        links = format_html_join(" ", '<a href="{}">{}</a>', ((error.url, error.text) for error in errors))
        text = _("The event is published, but something is still missing:")
        messages.warning(request, format_html("{} {}", text, links))
    else:
        messages.success(request, _("The event is published."))
