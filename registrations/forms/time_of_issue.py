"""When a form was issued, signed: robots send it at once, or send one that they read long ago, or none."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Event

MAX_AGE = 24 * 3600  # seconds


class TimeOfIssue:
    """What a form for `event` sends along; `sent` is what came back. If SIGNUP_MIN_SECONDS is 0, nothing is checked."""

    def __init__(self, event: Event, sent: str | None = None):
        self.signer, self.now = Signer(salt=f"sign-up:{event.pk}"), timezone.now().timestamp()
        self.sent, self.age = sent, self.read_age(sent or "")

    def read_age(self, sent: str) -> float | None:
        """Return the seconds since the time in it; None if there is none, or if it is of another event's form."""
        try:
            return self.now - float(self.signer.unsign(sent))
        except BadSignature:
            return None

    def find_problem(self) -> str:
        """Return what to say to whoever sent the form too early or too late; empty if the time is right."""
        if not settings.SIGNUP_MIN_SECONDS:
            return ""
        if self.age is None or self.age > MAX_AGE:
            return _("This form is out of date. Please look through your answers and press the button once more.")
        if self.age < settings.SIGNUP_MIN_SECONDS:
            return _("This was as fast as a robot would be. Please press the button once more.")
        return ""

    def __str__(self):
        """The time for the form that is shown next: one that is shown again can be sent at once."""
        if self.age is not None and self.age <= MAX_AGE:
            return self.sent
        allowance = 0 if self.sent is None else settings.SIGNUP_MIN_SECONDS
        return self.signer.sign(f"{self.now - allowance:.2f}")
