"""Ends the sessions of people who log in after some idle hours, as SESSION_COOKIE_AGE says."""

import time

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

SEEN_KEY = "seen_at"
# A session is saved no more often than this, in seconds, so that looking at pages costs no writes.
INTERVAL = 300


class SessionExpiryMiddleware:
    """Moves the end of a session that is used. A request that has not looked at its session leaves it alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        session = request.session
        if session.accessed and SESSION_KEY in session and time.time() - session.get(SEEN_KEY, 0) > INTERVAL:
            session[SEEN_KEY] = int(time.time())  # a change, so it is saved for another SESSION_COOKIE_AGE
            session.modified = save_if_possible(session)
        return response


def save_if_possible(session) -> bool:
    """Save the session; return False where nothing can be saved, so that people go on reading meanwhile."""
    try:
        session.save()
    except UpdateError:
        return False
    return True


def forget_ended_sessions() -> None:
    """Delete sessions that have ended, anybody's, and from which browser and network they were begun."""
    Session.objects.filter(expire_date__lt=Now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
