"""The day in the organisers' admin: who came, the live page, entrances, phones, the guide for helpers, badges."""

from attendance.admin import badge_role_admin, check_in_admin, menu_pages, person_actions
