"""The admin site: it opens with the event that a user works on, and shows nothing of events they may not see."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, override
from django.views.decorators.http import require_POST
from i18nfield.strings import LazyI18nString

from conference.models import Event, get_limited_access, is_pk
from conference.text.cleanup import clean_text
from conference.text.guide import read_guide
from conference.text.markdown import render_markdown
from registrations.models import Question, Registration, choose_event, get_chosen_event, has_chosen_all
from registrations.placeholders import NAMES, render_html

MAX_PREVIEW_LENGTH = 50_000
PLACEHOLDERS = {name: f"{{{name}}}" for name in NAMES}


class ConferenceAdminSite(AdminSite):
    """Django's admin site, without anything about events that a user may not see, not even the user's old actions."""

    def get_log_entries(self, request):
        return get_visible_log_entries(request.user).select_related("content_type", "user")

    def get_urls(self):
        route, view = "r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site)
        choose = path("choose/", self.admin_view(choose_event_view), name="choose_event")
        guide = path("guide/", self.admin_view(self.show_guide), name="guide")
        printed = path(
            "guide/print/", self.admin_view(self.show_guide), {"template": "guide_print.html"}, name="guide_print"
        )
        preview = path("markdown/", self.admin_view(self.preview_markdown), name="markdown_preview")
        return [choose, guide, printed, preview, path(route, view, name="view_on_site"), *super().get_urls()]

    def index(self, request, extra_context=None):
        """Redirect to the overview of the event that the user works on, or to the list of all; else say what is next.

        Who has never chosen begins with the next event that is published, else with the latest.
        """
        if not request.user.has_perm("registrations.view_registration") or not (events := list_events(request)):
            return super().index(request, extra_context)
        if event := get_current_event(request):
            return redirect("admin:conference_event_overview", event.pk)
        if request.user.has_perm("conference.view_event") and has_chosen_all(request.user):
            return redirect("admin:conference_event_changelist")
        coming = [event for event in events if event.is_published and event.is_coming]
        return redirect("admin:conference_event_overview", (coming[-1:] or events)[0].pk)

    def show_guide(self, request, template="guide.html"):
        """Show the guide for organisers, in the language that `language` names, or the user's."""
        wanted = request.GET.get("language")
        language = wanted if wanted in dict(settings.LANGUAGES) else get_language()
        guide = read_guide(language)
        others = [code for code, _name in settings.LANGUAGES if code != language]
        context = self.each_context(request) | {"title": guide.title, "guide": guide, "languages": others}
        with override(language):
            return render(request, f"admin/{template}", context)

    @method_decorator(require_POST)
    def preview_markdown(self, request):
        """Return a text as the HTML that it will be when it is saved; in an e-mail, placeholders stay as they are."""
        admins = [one for one in self._registry.values() if getattr(one, "markdown_fields", ())]
        if not any(one.has_change_permission(request) or one.has_add_permission(request) for one in admins):
            raise PermissionDenied
        typed = request.POST.get("text", "")
        if len(typed) > MAX_PREVIEW_LENGTH:
            return HttpResponse(status=413)
        language = request.POST.get("language")
        text = LazyI18nString({language if language in dict(settings.LANGUAGES) else get_language(): clean_text(typed)})
        is_email = request.POST.get("kind") == "email"
        return HttpResponse(render_html(text, PLACEHOLDERS) if is_email else render_markdown(text, below=1))

    def view_on_site(self, request, content_type_id, object_id):
        """Redirect to an object's page, for users who may see the object: the address may include its name."""
        content_type = is_pk(content_type_id) and ContentType.objects.filter(pk=content_type_id).first()
        model_admin = content_type and self._registry.get(content_type.model_class())
        row = model_admin and model_admin.get_object(request, object_id)
        if not row or not model_admin.has_view_permission(request, row):
            raise Http404
        return shortcut(request, content_type_id, object_id)


def list_events(request) -> list[Event]:
    """Return the events that the user may see, the latest first. At most one query per request."""
    if not hasattr(request, "visible_events"):
        events = Event.objects.visible_to(request.user).defer_long_texts()
        request.visible_events = list(events.order_by("-starts_at", "-pk"))
    return request.visible_events


def get_chosen(request) -> Event | None:
    """Return the event that the user has chosen, or None. At most one query per request."""
    if not hasattr(request, "chosen_event"):
        request.chosen_event = get_chosen_event(request.user)
    return request.chosen_event


def get_current_event(request) -> Event | None:
    """Return the event that the user works on: the chosen one, or the only one that they may see; None for all."""
    events = list_events(request)
    return events[0] if len(events) == 1 else get_chosen(request)


def find_event(request, key: str) -> Event | None:
    """Return the event with this primary key from an address; without one, the event that the user works on."""
    if not key:
        return get_current_event(request)
    return next((event for event in list_events(request) if is_pk(key) and event.pk == int(key)), None)


def redirect_to_chosen_event(request):
    """Return a redirect to this page about the chosen event, if the address does not say whom the page is about."""
    if request.method != "GET" or {"event", "selected"} & set(request.GET) or not (event := get_chosen(request)):
        return None
    query = request.GET.copy()
    query["event"] = event.pk
    return redirect(f"{request.path}?{query.urlencode()}")


@require_POST
def choose_event_view(request):
    """Let the user work on another event, or with an empty one on all."""
    if not any(map(request.user.has_perm, ("registrations.view_registration", "conference.view_event"))):
        raise PermissionDenied
    key = request.POST.get("event", "")
    if not key:
        choose_event(request.user, None)
        return redirect("admin:index")
    event = get_object_or_404(Event.objects.visible_to(request.user), pk=key if is_pk(key) else None)
    choose_event(request.user, event)
    return redirect("admin:conference_event_overview", event.pk)


def get_visible_log_entries(user):
    """Return the log entries about events that `user` may see, their questions and registrations."""
    if get_limited_access(user) is None:
        return LogEntry.objects.order_by("-pk")
    seen = Q(pk__in=[])
    for model in (Event, Registration, Question):
        visible = model.objects.visible_to(user).order_by()
        keys = visible.annotate(object_id=Cast("pk", TextField())).values("object_id")
        seen |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return LogEntry.objects.filter(seen).order_by("-pk")
