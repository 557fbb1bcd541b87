"""Admin pages that show and read times in the event's own time zone."""

import zoneinfo

from django.contrib.admin.utils import unquote
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from conference.admin.mixins import is_pk

# Names the zone of a page's times, when the page is rendered.
time_zone_note = lazy(lambda: _("Time zone: %(zone)s.") % {"zone": timezone.get_current_timezone_name()}, str)


class EventTimeZoneMixin:
    """For a ModelAdmin: change and history pages use the time zone of the event, which is at `time_zone_path`."""

    time_zone_path = "time_zone"

    def get_time_zone_name(self, request, object_id: str | None) -> str:
        """Return the zone in the submitted form, else the event's, else the site's."""
        typed = request.POST.get("time_zone")
        if typed and typed in zoneinfo.available_timezones():
            return typed
        zones = self.model._default_manager.values_list(self.time_zone_path, flat=True)
        is_known = object_id and is_pk(key := unquote(object_id))
        return (zones.filter(pk=key).first() if is_known else None) or timezone.get_default_timezone_name()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        with timezone.override(self.get_time_zone_name(request, object_id)):
            return render_now(super().changeform_view(request, object_id, form_url, extra_context))

    def history_view(self, request, object_id, extra_context=None):
        with timezone.override(self.get_time_zone_name(request, object_id)):
            return render_now(super().history_view(request, object_id, extra_context))


def render_now(response):
    """Render a lazy response while the time zone is still active."""
    return response.render() if hasattr(response, "render") else response
