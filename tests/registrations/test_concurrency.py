"""Races, run with real threads on real PostgreSQL. Each has a control that shows what the lock is for.

All in one file, so on one of the workers that share the tests by files: at once on two they would need
more connections than a server has.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from conference.models import Event
from registrations import emails, imports, operations, privacy
from registrations.availability import places
from registrations.models import ImportDraft, OutgoingEmail, Registration
from registrations.operations import lock, standing
from tests.factories import make_choice, make_event, make_question, make_registration, make_user, person
from tests.registrations.outcome import kinds, statuses

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60  # seconds; a busy machine may need many


def all_at_once(work, arguments) -> list:
    """Run `work` with each argument in a thread of its own, started together; their results in order."""
    arguments = list(arguments)
    start = threading.Barrier(len(arguments), timeout=2 * PATIENCE)

    def run(argument):
        try:
            connect_patiently()
            start.wait()
            return work(argument)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(arguments)) as threads:
        return list(threads.map(run, arguments))


def connect_patiently() -> None:
    """Connect once the server has room again: it may still be seeing off the threads of the test before."""
    for _attempt in range(PATIENCE):
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            refusal = error
            time.sleep(1)
    raise AssertionError(f"No connection in {PATIENCE} seconds: {refusal}")


def without_lock(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def sign_up_at_once(event, number):
    return all_at_once(operations.register, [person(event) for _number in range(number)])


def do(deed):
    """Do it; what comes back, or the refusal."""
    verb, registration = deed
    try:
        return verb(registration)
    except operations.Refused as refusal:
        return refusal


def take_new_address(registration):
    return operations.take_new_address(registration, registration.new_email)


def as_stored(registration) -> Registration:
    return Registration.objects.get(pk=registration.pk)


def held_places(event) -> list[Registration]:
    """Take all places of an event that wants addresses confirmed; nobody has done that yet."""
    return [operations.register(person(event)).registration for _number in range(event.capacity)]


def let_lapse(*registrations) -> None:
    pks = [registration.pk for registration in registrations]
    Registration.objects.filter(pk__in=pks).update(hold_until=timezone.now() - timedelta(seconds=1))


def release(_registration) -> None:
    operations.release_lapsed_holds()


def assert_nothing_tells_of(registration) -> None:
    assert as_stored(registration).email == ""
    assert set(registration.emails.values_list("to", "next_attempt_at")) <= {("", None)}


def test_sixty_at_once_for_twenty_places_get_exactly_twenty():
    event = make_event(capacity=20)
    sign_ups = sign_up_at_once(event, 60)
    assert Counter(event.registrations.values_list("status", flat=True)) == {"confirmed": 20, "waitlisted": 40}
    assert Counter(sign_up.has_place for sign_up in sign_ups) == {True: 20, False: 40}
    # In order: whoever got a place came before whoever waits, and the line is in the order of coming.
    line = list(event.registrations.on_waiting_list())
    assert line == sorted(line, key=lambda registration: registration.created_at)
    last_in = event.registrations.holding_a_place().order_by("-created_at")[0]
    assert last_in.created_at < line[0].created_at
    assert [registration.place_in_line for registration in line] == list(range(1, 41))
    assert Counter(OutgoingEmail.objects.values_list("kind", flat=True)) == {"registered": 20, "waitlisted": 40}


def test_control_without_the_lock_the_same_sign_ups_oversell(monkeypatch):
    monkeypatch.setattr(lock, "lock_event", without_lock)
    event = make_event(capacity=20)
    sign_up_at_once(event, 60)
    assert event.registrations.holding_a_place().count() > 20


def test_thirty_at_once_for_ten_places_to_be_confirmed_hold_exactly_ten():
    event = make_event(capacity=10, confirm_email=True)
    sign_ups = sign_up_at_once(event, 30)
    assert Counter(statuses(event)) == {"pending": 10, "waitlisted": 20}
    assert Counter(sign_up.has_place for sign_up in sign_ups) == {True: 10, False: 20}
    assert Counter(OutgoingEmail.objects.values_list("kind", flat=True)) == {"confirm": 10, "waitlisted": 20}


def test_one_address_in_two_spellings_twenty_times_at_once_is_one_registration():
    event = make_event(capacity=1)
    spellings = ["anna@example.lv", "Anna@Example.LV"] * 10
    people = [person(event, email=email, first_name=f"Anna {number}") for number, email in enumerate(spellings)]
    sign_ups = all_at_once(operations.register, people)
    registration = event.registrations.get()
    assert {sign_up.registration for sign_up in sign_ups} == {registration}
    assert Counter(registration.emails.values_list("kind", flat=True)) == {"registered": 1, "already_registered": 1}


def test_cancelling_at_once_and_twice_promotes_the_first_in_line():
    event = make_event(capacity=5)
    holders = [make_registration(event) for _number in range(5)]
    line = [make_registration(event, "waitlisted") for _number in range(15)]
    twice = [Registration.objects.get(pk=holder.pk) for holder in holders * 2]
    assert Counter(all_at_once(operations.cancel, twice)) == {True: 5, False: 5}
    assert list(event.registrations.holding_a_place().order_by("pk")) == line[:5]
    assert list(event.registrations.on_waiting_list()) == line[5:]


def test_control_without_the_lock_cancelling_twice_is_noticed(monkeypatch):
    monkeypatch.setattr(lock, "lock_event", without_lock)
    together = threading.Barrier(2)

    def reread(registration):
        registration.refresh_from_db()
        together.wait(timeout=10)

    monkeypatch.setattr(standing, "reread", reread)
    event = make_event(capacity=1)
    holder = make_registration(event)
    twice = [Registration.objects.get(pk=holder.pk) for _number in range(2)]
    assert all_at_once(operations.cancel, twice) == [True, True]
    assert holder.emails.count() == 2


def test_sign_ups_and_cancellations_together_never_oversell():
    event = make_event(capacity=10)
    holders = [make_registration(event) for _number in range(10)]
    verbs = [(operations.cancel, holder) for holder in holders]
    verbs += [(operations.register, person(event)) for _number in range(20)]
    all_at_once(lambda verb: verb[0](verb[1]), verbs)
    assert event.registrations.holding_a_place().count() == 10
    newcomers = event.registrations.exclude(pk__in=[holder.pk for holder in holders]).order_by("created_at", "pk")
    assert list(newcomers[:10]) == list(event.registrations.holding_a_place().order_by("created_at", "pk"))


def test_a_lapsed_hold_released_three_times_at_once_goes_to_one_person():
    event = make_event(capacity=1, confirm_email=True)
    (lapsed,) = held_places(event)
    first, second = (operations.register(person(event)).registration for _number in range(2))
    let_lapse(lapsed)
    all_at_once(lambda _number: operations.release_lapsed_holds(), range(3))
    assert statuses(event) == ["cancelled", "pending", "waitlisted"]
    assert kinds(lapsed) == ["confirm"]
    assert kinds(first) == ["waitlisted", "promoted"]
    assert kinds(second) == ["waitlisted"]


def test_confirming_too_late_while_the_holds_are_released_takes_a_place_from_nobody():
    event = make_event(capacity=9, confirm_email=True)
    late = held_places(event)
    line = [make_registration(event, "waitlisted") for _number in range(12)]
    let_lapse(*late)
    deeds = [(operations.confirm_address, as_stored(registration)) for registration in late]
    assert all_at_once(do, [*deeds, (release, None)]) == [False] * 9 + [None]
    assert list(event.registrations.holding_a_place().order_by("pk")) == line[:9]
    assert list(event.registrations.on_waiting_list()) == line[9:]
    assert all(as_stored(registration).hold_has_lapsed for registration in late)
    assert [kinds(registration) for registration in late + line] == [["confirm"]] * 9 + [["promoted"]] * 9 + [[]] * 3


def test_confirming_in_time_while_another_hold_is_released_keeps_the_place():
    event = make_event(capacity=2, confirm_email=True)
    in_time, late = held_places(event)
    first, second = (make_registration(event, "waitlisted") for _number in range(2))
    let_lapse(late)
    deeds = [(operations.confirm_address, as_stored(in_time)) for _number in range(3)]
    assert Counter(all_at_once(do, deeds + [(release, None)] * 3)) == {True: 1, False: 2, None: 3}
    assert statuses(event) == ["confirmed", "cancelled", "pending", "waitlisted"]
    assert [kinds(one) for one in (in_time, first, second)] == [["confirm", "registered"], ["promoted"], []]


def test_a_hold_that_lapses_while_the_places_are_counted_leaves_no_place_empty(monkeypatch, time_machine):
    event = make_event(capacity=2, confirm_email=True)
    late, later = held_places(event)
    line = [make_registration(event, "waitlisted") for _number in range(2)]
    let_lapse(late)

    def places_slowly(*arguments):
        counted = places(*arguments)
        time_machine.move_to(later.hold_until)
        return counted

    with monkeypatch.context() as patch:
        patch.setattr("registrations.operations.line.places", places_slowly)
        operations.release_lapsed_holds()
    operations.release_lapsed_holds()
    assert list(event.registrations.holding_a_place().order_by("pk")) == line


def test_ten_who_rejoin_at_once_for_three_places_get_three_and_a_line():
    event = make_event(capacity=3)
    people = [make_registration(event, "cancelled") for _number in range(10)]
    assert all_at_once(operations.rejoin, map(as_stored, people)) == [True] * 10
    assert Counter(statuses(event)) == {"confirmed": 3, "waitlisted": 7}
    assert Counter(OutgoingEmail.objects.values_list("kind", flat=True)) == {"registered": 3, "waitlisted": 7}
    # In order: the e-mails were queued under the lock, so in the order of coming.
    in_order_of_coming = [email.registration for email in OutgoingEmail.objects.order_by("pk")]
    assert set(in_order_of_coming[:3]) == set(event.registrations.holding_a_place())
    assert in_order_of_coming[3:] == list(event.registrations.on_waiting_list())
    assert [registration.place_in_line for registration in in_order_of_coming[3:]] == list(range(1, 8))


def test_cancelling_and_erasing_one_person_at_once_frees_one_place():
    event = make_event(capacity=1)
    holder, _has_place = operations.register(person(event))
    line = [operations.register(person(event)).registration for _number in range(2)]
    deeds = [(verb, as_stored(holder)) for verb in (operations.cancel, privacy.erase)]
    cancelled, erased = all_at_once(do, deeds)
    assert cancelled is True or isinstance(cancelled, operations.Refused)  # erased before it could be cancelled
    assert erased is None
    assert statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert [kinds(registration) for registration in line] == [["waitlisted", "promoted"], ["waitlisted"]]
    assert_nothing_tells_of(holder)


@pytest.mark.parametrize(
    ("verb", "capacity"),
    [
        (operations.rejoin, 1),
        (operations.rejoin, 0),
        (operations.confirm, 1),
        (operations.move_to_waiting_list, 0),
    ],
)
def test_who_comes_back_while_being_erased_holds_no_place_and_does_not_wait(verb, capacity):
    event = make_event(capacity=capacity)
    registration = make_registration(event, "cancelled")
    seen_by_the_eraser = as_stored(registration)
    assert verb(registration)  # had the lock first
    privacy.erase(seen_by_the_eraser)
    assert statuses(event) == ["cancelled"]
    assert_nothing_tells_of(registration)


def test_a_link_sent_again_while_the_person_is_erased_is_refused():
    registration = make_registration(make_event())
    seen_by_the_organiser = as_stored(registration)
    privacy.erase(registration)
    with pytest.raises(operations.Refused, match="erased"):
        operations.send_link_again(seen_by_the_organiser)
    assert_nothing_tells_of(registration)


def test_a_new_address_that_two_take_at_once_goes_to_one_of_them():
    event = make_event()
    people = [make_registration(event, new_email=email) for email in ("new@example.lv", "New@Example.LV")]
    outcomes = all_at_once(do, [(take_new_address, as_stored(registration)) for registration in people])
    (refusal,) = [outcome for outcome in outcomes if outcome is not True]
    winner, loser = event.registrations.get(new_email=""), event.registrations.exclude(new_email="").get()
    assert isinstance(refusal, operations.AlreadyRegistered)
    assert refusal.registration == winner
    assert list(event.registrations.with_email("new@example.lv")) == [winner]
    assert loser.email in {registration.email for registration in people}
    assert [kinds(winner), kinds(loser)] == [["registered"], []]


def test_two_events_do_not_wait_for_each_other():
    one, other = make_event(), make_event()
    with transaction.atomic():
        lock.lock_event(one)
        (sign_up,) = all_at_once(operations.register, [person(other)])  # would wait for ever on the same lock
        assert sign_up.has_place


def test_who_cannot_get_the_lock_in_time_is_told_so_and_nothing_is_stored():
    event = make_event()

    def impatient(registration):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(operations.Busy) as refusal:
            operations.register(registration)
        return str(refusal.value)

    with transaction.atomic():
        lock.lock_event(event)
        (told,) = all_at_once(impatient, [person(event)])
    assert "please send it again" in told
    assert not event.registrations.exists()


def test_an_event_that_is_locked_is_not_copied_and_nothing_waits_for_ever():
    event = make_event()

    def impatient(slug):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(operations.Busy):
            operations.copy_event(event, starts_at=timezone.now(), slug=slug)

    with transaction.atomic():
        lock.lock_event(event)
        all_at_once(impatient, ["copy"])
    assert Event.objects.get() == event


def test_another_failure_of_the_database_is_not_taken_for_a_busy_lock(monkeypatch):
    def broken(event):
        raise OperationalError("the server went away")

    monkeypatch.setattr(lock, "lock_event", broken)
    with pytest.raises(OperationalError, match="went away"):
        operations.register(person(make_event()))


def test_a_sign_up_that_fails_half_way_leaves_nothing_behind(monkeypatch):
    def broken(*arguments):
        raise RuntimeError("killed")

    monkeypatch.setattr(emails, "queue", broken)
    event = make_event()
    with pytest.raises(RuntimeError, match="killed"):
        operations.register(person(event))
    assert not event.registrations.exists()


def test_erasing_two_registrations_of_one_person_at_once_erases_both():
    event = make_event(capacity=1)
    cancelled, _has_place = operations.register(person(event, email="anna@example.lv"))
    operations.cancel(cancelled)
    registration, _has_place = operations.register(person(event, email="anna@example.lv"))
    outcomes = all_at_once(do, [(privacy.erase, as_stored(one)) for one in (cancelled, registration)])
    assert all(outcome is None or isinstance(outcome, operations.Refused) for outcome in outcomes)
    assert outcomes.count(None) >= 1
    for one in (cancelled, registration):
        assert_nothing_tells_of(one)


def test_an_organiser_does_not_write_back_who_was_erased_meanwhile():
    registration = make_registration(make_event(), first_name="Anna")
    seen_by_the_organiser = as_stored(registration)
    privacy.erase(registration)
    values = {"internal_note": "phoned", "first_name": "Anna"}
    with pytest.raises(operations.Refused, match="erased"):
        operations.correct(seen_by_the_organiser, values=values, by=None)
    assert_nothing_tells_of(registration)
    assert as_stored(registration).internal_note == ""


def test_lists_and_sign_ups_at_once_take_no_place_twice_and_nobody_comes_in_between():
    event = make_event(capacity=20)
    lists = [[(person(event, source="import"), ()) for _number in range(10)] for _list in range(3)]

    def come(people):
        if isinstance(people, Registration):
            return [operations.register(people).registration]
        return operations.register_all(event, people, notify=False).registrations

    came = all_at_once(come, [*lists, *(person(event) for _number in range(10))])
    assert Counter(event.registrations.values_list("status", flat=True)) == {"confirmed": 20, "waitlisted": 20}
    order = list(event.registrations.order_by("created_at").values_list("pk", flat=True))
    for people in came[:3]:
        start = order.index(people[0].pk)
        assert order[start : start + 10] == [one.pk for one in people]


def test_an_import_confirmed_twice_at_once_happens_once():
    event, user = make_event(), make_user()
    draft = ImportDraft.objects.create(event=event, created_by=user, file_name="list.csv", content=b"")

    def confirm(_number):
        one = imports.Judged(2, "", "", "", "", imports.Outcome.PLACE, registration=person(event, source="import"))
        mine = ImportDraft.objects.select_related("event").get(pk=draft.pk)
        together.wait()
        return imports.import_draft(mine, [one], by=user)

    together = threading.Barrier(4, timeout=2 * PATIENCE)
    results = all_at_once(confirm, range(4))
    assert Counter(result is None for result in results) == {True: 3, False: 1}
    assert event.registrations.count() == 1
    assert not ImportDraft.objects.exists()


def workshop_for_five(**values):
    event = make_event(**values)
    make_choice(make_question(event, "workshop", kind="one_of"), "weaving", limit=5)
    return event


def choose_at_once(event, number):
    return all_at_once(
        do, [(operations.register, person(event, answers={"workshop": "weaving"})) for _number in range(number)]
    )


def chosen(event) -> int:
    return event.registrations.live().filter(answers__contains={"workshop": "weaving"}).count()


def test_thirty_at_once_for_a_workshop_of_five_are_exactly_five():
    event = workshop_for_five()
    outcomes = choose_at_once(event, 30)
    assert Counter(type(outcome) for outcome in outcomes) == {operations.SignUp: 5, operations.ChoiceFull: 25}
    assert chosen(event) == event.registrations.count() == 5


def test_control_without_the_lock_the_workshop_is_oversold(monkeypatch):
    monkeypatch.setattr(lock, "lock_event", without_lock)
    event = workshop_for_five()
    choose_at_once(event, 30)
    assert chosen(event) > 5


def test_signing_up_changing_and_coming_back_at_once_never_oversell_a_workshop():
    event = workshop_for_five()
    changing = [make_registration(event) for _number in range(8)]
    returning = [make_registration(event, "cancelled", answers={"workshop": "weaving"}) for _number in range(8)]

    def choose(registration):
        values = {"answers": {"workshop": "weaving"}}
        return operations.change(registration, values=values, topics=[], email=registration.email)

    deeds = [(choose, registration) for registration in changing]
    deeds += [(operations.rejoin, registration) for registration in returning]
    deeds += [(operations.register, person(event, answers={"workshop": "weaving"})) for _number in range(8)]
    all_at_once(do, deeds)
    assert chosen(event) == 5
    assert event.registrations.live().filter(pk__in=[one.pk for one in returning]).count() == 8


def merge_with(other):
    """Merging the other into the one that is passed, as a verb for `do`."""
    return lambda registration: operations.merge(registration, other, taking=["email"], by=None)


def test_a_merge_and_sign_ups_at_once_take_no_more_places_than_there_are():
    event = make_event(capacity=10)
    pairs = [(make_registration(event), make_registration(event)) for _number in range(5)]
    deeds = [(merge_with(drop), keep) for keep, drop in pairs]
    deeds += [(operations.register, person(event)) for _number in range(20)]
    all_at_once(do, deeds)
    assert Counter(event.registrations.values_list("status", flat=True)) == {
        "confirmed": 10,
        "waitlisted": 15,
        "cancelled": 5,
    }
    line = list(event.registrations.on_waiting_list())
    newcomers = event.registrations.holding_a_place().exclude(pk__in=[keep.pk for keep, _drop in pairs])
    assert max(one.created_at for one in newcomers) < line[0].created_at


def test_both_ways_of_one_merge_at_once_leave_one_of_the_two():
    event = make_event(capacity=5)
    one, other = make_registration(event), make_registration(event)
    deeds = [(merge_with(as_stored(other)), as_stored(one)), (merge_with(as_stored(one)), as_stored(other))]
    outcomes = all_at_once(do, deeds)
    assert [outcome for outcome in outcomes if isinstance(outcome, operations.Refused)] != outcomes
    assert sorted(statuses(event)) == ["cancelled", "confirmed"]


def test_a_merge_and_a_cancellation_of_the_kept_one_at_once_end_in_order():
    event = make_event(capacity=1)
    keep, drop = make_registration(event), make_registration(event, "waitlisted")
    waiting = make_registration(event, "waitlisted")
    all_at_once(do, [(merge_with(drop), keep), (operations.cancel, as_stored(keep))])
    held = event.registrations.holding_a_place()
    # Merged first, the next in line has the place; cancelled first, whoever was not merged has it.
    assert held.count() == 1
    assert held.get() in (drop, waiting)
