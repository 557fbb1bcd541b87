"""What this app adds to the menu of the admin."""

from django.utils.translation import gettext_lazy as _

from registrations.admin.guide_anchors import GUIDE_ANCHORS
from registrations.admin.menu import SECTIONS, MenuPage, name_pages, with_event_in_path

PEOPLE = ("registrations.view_registration", "attendance.view_checkin")
CHANGE_PEOPLE = ("registrations.change_registration", "registrations.export_registration")
PAIR = ("attendance.add_doorpairing",)

SECTIONS["door"].pages.extend(
    [
        MenuPage(
            _("On the day"),
            "attendance_door",
            PEOPLE,
            with_event_in_path,
            ("attendance_discard_rehearsal", "attendance_guide"),
        ),
        MenuPage(
            _("Phones"),
            "attendance_pair",
            PAIR,
            with_event_in_path,
            ("attendance_lock_out",),
        ),
        MenuPage(_("Badges"), "attendance_badges", CHANGE_PEOPLE),
        MenuPage(
            _("Roles on badges"),
            "attendance_badgerole_changelist",
            ("attendance.view_badgerole",),
            below=name_pages("attendance_badgerole", "add", "change", "delete", "history"),
        ),
        MenuPage(
            _("Check-ins"),
            "attendance_checkin_changelist",
            PEOPLE,
            below=("attendance_checkin_change", "attendance_person"),
        ),
        MenuPage(
            _("Settings of the door"),
            "attendance_door_settings",
            ("attendance.change_doorsettings",),
            with_event_in_path,
        ),
    ]
)
GUIDE_ANCHORS |= {
    "attendance_door": "watch",
    "attendance_pair": "door",
    "attendance_badges": "badges",
    "attendance_checkin_changelist": "watch",
    "attendance_badgerole_changelist": "badges",
    "attendance_door_settings": "door",
}
