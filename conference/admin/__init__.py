"""What the admin shows of conferences, and the mixins, fields and checks of all its pages."""

from conference.admin import model_admins
