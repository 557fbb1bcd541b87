"""What organisers see and do about who came."""

from attendance.admin import person_actions
