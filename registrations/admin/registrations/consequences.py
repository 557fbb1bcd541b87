"""What the page that asks tells an organiser before something is done to one person."""

from django.utils.translation import gettext as _

from registrations.admin.registrations.person_state import PersonState


def describe_places(state: PersonState) -> list[str]:
    """Return how many places there are, and who waits for them."""
    event, waiting, told = state.registration.event, state.counts.waiting, []
    if event.capacity is None:
        told.append(_("The number of places is not limited."))
    else:
        text = _("Places taken: %(taken)s of %(capacity)s.")
        told.append(text % {"taken": state.taken, "capacity": event.capacity})
    if waiting:
        told.append(_("People on the waiting list: %(number)d.") % {"number": waiting})
    if state.ahead:
        names = ", ".join(person.full_name for person in state.ahead)
        text = _("First in line: %(names)s.")
        if state.position:
            ahead = state.position - 1
            text = _("People who have waited longer: %(number)d (%(names)s).")
            if ahead > len(state.ahead):
                text = _("People who have waited longer: %(number)d (the first of them: %(names)s).")
            text %= {"number": ahead, "names": names}
        else:
            text %= {"names": names}
        told.append(text)
    return told


def describe_excess(state: PersonState) -> list[str]:
    return [*describe_places(state), _("No place is available: the event will go over its limit.")]


def describe_release(state: PersonState) -> list[str]:
    """Return what becomes of the person's place."""
    if not state.occupies_place:
        return []
    if state.is_released_place_given:
        names = {"name": state.ahead[0].full_name}
        return [_("The place will go to the next person on the waiting list: %(name)s.") % names]
    return [_("The place will go to nobody by itself.")]


def describe_move(state: PersonState) -> list[str]:
    text = _("The person will be at the end of the waiting list, behind %(number)d others.")
    return [*describe_release(state), text % {"number": state.counts.waiting}]


def describe_link(state: PersonState) -> list[str]:
    text = _("The e-mail goes to %(address)s. It says how the registration stands, and has the personal link.")
    return [text % {"address": state.registration.email}]
