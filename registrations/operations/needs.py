"""Dietary and access needs, as an organiser corrects them."""

from collections.abc import Mapping

from registrations.models import Change, Registration
from registrations.operations.line import reread
from registrations.operations.lock import locked


def change_needs(registration: Registration, answers: Mapping[str, object], user) -> list[str]:
    """Store these answers, by the keys of their questions, beside what else the person answered. Returns what changed.

    None takes an answer away. The audit says that `user` changed it, never from what to what. Raises Refused if the
    person was erased.
    """
    with locked(registration.event):
        reread(registration)
        registration.refresh_from_db(fields=["answers"])
        changed = [key for key, answer in answers.items() if registration.answers.get(key) != answer]
        if changed:
            merged = registration.answers | answers
            registration.answers = {key: answer for key, answer in merged.items() if answer is not None}
            registration.save(update_fields=["answers"])
            Change.objects.bulk_create(
                Change(registration=registration, actor=Change.Actor.ORGANISER, changed_by=user, field=f"answers.{key}")
                for key in changed
            )
    return changed
