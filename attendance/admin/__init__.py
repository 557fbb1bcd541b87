"""The day in the organisers' admin: who came, the live page, entrances, phones, the guide for helpers."""

from attendance.admin import check_in_admin, person_actions
