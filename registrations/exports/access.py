"""Which columns somebody may export."""

from typing import NamedTuple


class ExportAccess(NamedTuple):
    """What the person who exports may see. Dietary and access needs are in nobody's table."""

    can_see_email: bool
    can_change: bool

    @classmethod
    def for_user(cls, user) -> "ExportAccess":
        return cls(user.has_perm("registrations.view_email"), user.has_perm("registrations.change_registration"))

    def can_see(self, column_name: str) -> bool:
        """Whether this column of a registration may be exported; questions have a rule of their own."""
        return {"email": self.can_see_email, "internal_note": self.can_change}.get(column_name, True)


# Whoever runs the commands on the server.
OPERATOR_ACCESS = ExportAccess(can_see_email=True, can_change=True)
