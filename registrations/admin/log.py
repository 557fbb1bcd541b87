"""The log: who did what in the admin, who took lists out of it, who looked at needs. Nobody can edit it there."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from conference.careful import Careful
from conference.models import Event, limited_access
from registrations.admin.careful import ReadOnly
from registrations.models import Question, Registration


def entries_visible_to(user):
    """What the log says of the events that `user` may see in the admin, their questions and registrations."""
    entries = LogEntry.objects.all()
    if limited_access(user) is None:
        return entries
    seen = Q(pk__in=[])
    for model in (Event, Registration, Question):
        keys = model.objects.visible_to(user).order_by().annotate(key=Cast("pk", TextField())).values("key")
        seen |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return entries.filter(seen)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly, Careful, admin.ModelAdmin):
    allowed_lookups = {"action_flag__exact"}
    list_display = ["action_time", "user", "content_type", "object_repr", "said"]
    list_display_links = None
    list_filter = ["action_flag"]
    list_select_related = ["user", "content_type"]
    ordering = ["-action_time", "-pk"]
    fields = ["action_time", "user", "content_type", "object_repr", "said"]

    def get_queryset(self, request):
        return entries_visible_to(request.user).order_by(*self.ordering)

    @admin.display(description=_("what was done"))
    def said(self, entry):
        return entry.get_change_message() or entry.get_action_flag_display()
