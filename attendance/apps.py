from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    name = "attendance"
    verbose_name = _("Attendance")

    def ready(self):
        # Migrations create permissions at their end, so the groups get them afterwards.
        from attendance.door_permissions import grant_door_permissions
        from attendance.operations import forget_phones, forget_unknown_tickets
        from attendance.privacy_rules import add_attendance_rules
        from registrations.operations.event_copy import COPIED_RELATIONS
        from registrations.operations.housekeeping import FORGETTERS

        post_migrate.connect(grant_door_permissions, sender=self)
        add_attendance_rules()
        COPIED_RELATIONS.extend(["doors", "badge_roles"])
        FORGETTERS.extend([forget_phones, forget_unknown_tickets])
