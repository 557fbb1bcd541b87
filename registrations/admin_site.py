"""The admin site: the log and “View on site” respect the restriction of users to events."""

from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.urls import path

from conference.models import Event, get_limited_access, is_pk
from registrations.models import Question, Registration


class ConferenceAdminSite(AdminSite):
    """Django's admin site, without anything about events that a user may not see, not even the user's old actions."""

    def get_log_entries(self, request):
        return get_visible_log_entries(request.user).select_related("content_type", "user")

    def get_urls(self):
        route, view = "r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site)
        return [path(route, view, name="view_on_site"), *super().get_urls()]

    def view_on_site(self, request, content_type_id, object_id):
        """Redirect to an object's page, for users who may see the object: the address may include its name."""
        content_type = is_pk(content_type_id) and ContentType.objects.filter(pk=content_type_id).first()
        model_admin = content_type and self._registry.get(content_type.model_class())
        row = model_admin and model_admin.get_object(request, object_id)
        if not row or not model_admin.has_view_permission(request, row):
            raise Http404
        return shortcut(request, content_type_id, object_id)


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
