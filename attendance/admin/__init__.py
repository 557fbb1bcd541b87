"""Badges in the organisers' admin."""

from attendance.admin import badge_role_admin
