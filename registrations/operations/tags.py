"""Adding and removing tags of many people at once."""

from collections.abc import Callable
from typing import NamedTuple

from conference.models import Event
from registrations import audit
from registrations.models import Registration, RegistrationQuerySet
from registrations.models.registration import MAX_TAGS
from registrations.operations.locking import lock_event


class TaggingResult(NamedTuple):
    """Whose tags were changed, how many needed no change, and who has too many tags for one more."""

    done: list[Registration]
    already: int
    full: list[Registration]


def add_tag(registrations: RegistrationQuerySet, tag: str, *, by: audit.ChangedBy) -> TaggingResult:
    """Add the tag to everybody who does not have it; upper and lower case are the same. Raises Busy."""
    return update_tags(registrations, lambda tags: tags if without(tag, tags) != tags else [*tags, tag], by)


def remove_tag(registrations: RegistrationQuerySet, tag: str, *, by: audit.ChangedBy) -> TaggingResult:
    """Remove the tag from everybody who has it; upper and lower case are the same. Raises Busy."""
    return update_tags(registrations, lambda tags: without(tag, tags), by)


def without(tag: str, tags: list[str]) -> list[str]:
    return [one for one in tags if one.casefold() != tag.casefold()]


def update_tags(
    registrations: RegistrationQuerySet, change: Callable[[list[str]], list[str]], by: audit.ChangedBy
) -> TaggingResult:
    """Replace everybody's tags, event by event, with what `change` makes of them. Erased people are left out."""
    total = TaggingResult([], 0, [])
    chosen = registrations.order_by()
    for event in Event.objects.filter(pk__in=chosen.values("event")).order_by("pk"):
        with lock_event(event):
            # Read again under the lock, so that tags that others have added meanwhile stay.
            people = list(Registration.objects.not_erased().filter(event=event, pk__in=chosen.values("pk")))
            old = {one.pk: one.tags for one in people}
            for one in people:
                one.tags = change(one.tags)
            full = [one for one in people if len(one.tags) > max(MAX_TAGS, len(old[one.pk]))]
            done = [one for one in people if one.tags != old[one.pk] and one not in full]
            Registration.objects.bulk_update(done, ["tags"], batch_size=500)
            audit.log_field(done, "tags", old, by)
        total = TaggingResult(total.done + done, total.already + len(people) - len(done) - len(full), total.full + full)
    return total
