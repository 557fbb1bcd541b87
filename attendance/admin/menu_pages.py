"""What this app adds to the menu of the admin."""

from django.utils.translation import gettext_lazy as _

from registrations.admin.menu import SECTIONS, MenuPage, with_event_in_path

PEOPLE = ("registrations.view_registration", "attendance.view_checkin")
CHANGE_PEOPLE = ("registrations.change_registration", "registrations.export_registration")
PAIR = ("attendance.add_doorpairing",)

SECTIONS["door"].pages.extend(
    [
        MenuPage(_("On the day"), "attendance_door", PEOPLE, with_event_in_path, ("attendance_discard_rehearsal",)),
        MenuPage(
            _("Phones"),
            "attendance_pair",
            ("attendance.add_doorpairing",),
            with_event_in_path,
            ("attendance_lock_out",),
        ),
        MenuPage(_("Badges"), "attendance_badges", CHANGE_PEOPLE),
        MenuPage(_("Check-ins"), "attendance_checkin_changelist", PEOPLE, below=("attendance_checkin_change",)),
        MenuPage(
            _("Settings of the door"),
            "attendance_door_settings",
            ("attendance.change_doorsettings",),
            with_event_in_path,
        ),
    ]
)
