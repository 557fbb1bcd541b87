"""Races, run with real threads on real PostgreSQL. Each has a control that shows what the lock is for.

Crowds are a group, so on one worker: on two at once they would need more connections than a server has.
"""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registrations import imports, operations
from registrations.models import Choice, ChoiceCount, ImportDraft, OutgoingEmail, Registration
from registrations.operations import locking, status
from tests.factories import (
    build_registration,
    make_choice,
    make_event,
    make_form_data,
    make_question,
    make_registration,
    make_user,
)
from tests.registrations.concurrency.threads import (
    attempt,
    get_with_lock_of_event_alone,
    get_without_lock,
    reload,
    run_at_once,
)
from tests.registrations.stored_state import list_email_kinds, list_statuses
from tests.waiting import TIMEOUT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crowd")]


def register_at_once(event, number):
    return run_at_once(operations.register, [build_registration(event) for _number in range(number)])


def confirm_new_address(registration):
    return operations.confirm_new_address(registration, registration.new_email)


def test_sixty_at_once_for_twenty_places_get_exactly_twenty():
    event = make_event(capacity=20)
    sign_ups = register_at_once(event, 60)
    assert Counter(event.registrations.values_list("status", flat=True)) == {"confirmed": 20, "waitlisted": 40}
    assert Counter(sign_up.has_place for sign_up in sign_ups) == {True: 20, False: 40}
    # In order: whoever got a place came before whoever waits, and the line is in the order of coming.
    line = list(event.registrations.on_waiting_list())
    assert line == sorted(line, key=lambda registration: registration.created_at)
    last_in = event.registrations.occupying_place().order_by("-created_at")[0]
    assert last_in.created_at < line[0].created_at
    assert [registration.waiting_list_position for registration in line] == list(range(1, 41))
    assert Counter(OutgoingEmail.objects.values_list("kind", flat=True)) == {"registered": 20, "waitlisted": 40}


def test_control_without_the_lock_the_same_registrations_oversell(monkeypatch):
    monkeypatch.setattr(locking, "select_event_for_update", get_without_lock)
    event = make_event(capacity=20)
    register_at_once(event, 60)
    assert event.registrations.occupying_place().count() > 20


def test_control_with_counts_from_before_the_lock_the_same_registrations_oversell(monkeypatch):
    monkeypatch.setattr(locking, "select_event_for_update", get_with_lock_of_event_alone)
    event = make_event(capacity=20)
    register_at_once(event, 60)
    assert event.registrations.occupying_place().count() > 20


def test_with_two_clocks_the_waiting_list_is_in_the_order_of_coming_and_a_place_goes_to_the_first(monkeypatch):
    event = make_event(capacity=1)
    holder = operations.register(build_registration(event)).registration
    right_now, node = timezone.now, threading.local()
    # Every second node is three seconds late.
    monkeypatch.setattr(timezone, "now", lambda: right_now() - timedelta(seconds=getattr(node, "late_by", 0)))

    def register_on_node(number):
        node.late_by = 3 * (number % 2)
        for _number in range(3):
            operations.register(build_registration(event))

    run_at_once(register_on_node, range(10))
    line = list(event.registrations.on_waiting_list())
    assert [one.waiting_number for one in line] == list(range(1, 31))
    assert [one.pk for one in line] == sorted(one.pk for one in line)
    by_clock = sorted(line, key=lambda registration: registration.waiting_since)
    assert by_clock != line
    operations.cancel(holder)
    assert reload(line[0]).is_confirmed
    assert list(event.registrations.on_waiting_list()) == line[1:]


def test_a_choice_that_gets_a_limit_while_people_choose_it_counts_them_all():
    event = make_event()
    choice = make_choice(make_question(event, "workshop", kind="one_of"), "weaving")

    def act(number):
        if number == 5:
            Choice.objects.filter(pk=choice.pk).update(limit=40)  # without the event's lock
        for _number in range(3):
            operations.register(build_registration(event, answers={"workshop": "weaving"}))

    run_at_once(act, range(10))
    assert ChoiceCount.objects.get(choice=choice).number == 30


def test_thirty_at_once_for_ten_places_to_be_confirmed_hold_exactly_ten():
    event = make_event(capacity=10, confirm_email=True)
    sign_ups = register_at_once(event, 30)
    assert Counter(list_statuses(event)) == {"pending": 10, "waitlisted": 20}
    assert Counter(sign_up.has_place for sign_up in sign_ups) == {True: 10, False: 20}
    assert Counter(OutgoingEmail.objects.values_list("kind", flat=True)) == {"confirm": 10, "waitlisted": 20}


# Three people with one mailbox, each in two spellings; and the status that each of twenty sign-ups gets.
SPELLINGS = [
    [("Anna", "Bērziņa", "library@example.lv"), ("BERZINA,", "Anna", "Library@Example.LV")],
    [("Siobhan", "O’Connor", "library@example.lv"), ("Siobhán", "O'Connor", "LIBRARY@example.lv")],
    [("Anne-Marie", "Groß", "library@example.lv"), ("anne marie", "Gross", "library@example.LV")],
]


def sign_up_at_once(event) -> Counter:
    def sign_up(number):
        first_name, last_name, email = SPELLINGS[number % 3][number // 3 % 2]
        form = make_form_data(event, first_name=first_name, last_name=last_name, email=email)
        return Client(raise_request_exception=False).post(f"/en/{event.slug}/register/", form).status_code

    return Counter(run_at_once(sign_up, range(20)))


def test_three_people_of_one_address_in_two_spellings_twenty_times_at_once_are_three_registrations():
    event = make_event(capacity=2)
    assert sign_up_at_once(event) == {302: 20}
    people = list(event.registrations.order_by("person_key"))
    assert [one.person_key for one in people] == ["anna berzina", "anne gross marie", "oconnor siobhan"]
    assert sorted(one.status for one in people) == ["confirmed", "confirmed", "waitlisted"]
    for one in people:
        assert one.emails.count() - one.emails.filter(kind="already_registered").count() == 1


def test_control_without_the_lock_the_database_still_holds_the_three_but_others_see_an_error(monkeypatch):
    monkeypatch.setattr(locking, "select_event_for_update", get_without_lock)
    event = make_event()
    assert sign_up_at_once(event)[500] > 0
    assert event.registrations.count() == 3


def sign_up_with_one_address(event) -> Counter:
    def sign_up(number):
        form = make_form_data(event, first_name="Anna", last_name=f"Bērziņa {number}", email="library@example.lv")
        return Client(raise_request_exception=False).post(f"/en/{event.slug}/register/", form).status_code

    return Counter(run_at_once(sign_up, range(20)))


def test_twenty_people_of_one_address_at_once_are_one_registration_where_each_address_can_have_one():
    event = make_event(one_per_address=True)
    assert sign_up_with_one_address(event) == {302: 20}
    one = event.registrations.get()
    assert list_email_kinds(one) == ["registered", "already_registered"]


def test_control_without_the_lock_they_are_more(monkeypatch):
    monkeypatch.setattr(locking, "select_event_for_update", get_without_lock)
    event = make_event(one_per_address=True)
    sign_up_with_one_address(event)
    assert event.registrations.count() > 1


def test_cancelling_at_once_and_twice_promotes_the_first_on_the_waiting_list():
    event = make_event(capacity=5)
    holders = [make_registration(event) for _number in range(5)]
    line = [make_registration(event, "waitlisted") for _number in range(15)]
    twice = [Registration.objects.get(pk=holder.pk) for holder in holders * 2]
    assert Counter(run_at_once(operations.cancel, twice)) == {True: 5, False: 5}
    assert list(event.registrations.occupying_place().order_by("pk")) == line[:5]
    assert list(event.registrations.on_waiting_list()) == line[5:]


def test_control_without_the_lock_cancelling_twice_is_noticed(monkeypatch):
    monkeypatch.setattr(locking, "select_event_for_update", get_without_lock)
    together = threading.Barrier(2)

    def refresh_and_wait(registration):
        registration.refresh_from_db()
        together.wait(timeout=TIMEOUT)

    monkeypatch.setattr(status, "refresh", refresh_and_wait)
    event = make_event(capacity=1)
    holder = make_registration(event)
    twice = [Registration.objects.get(pk=holder.pk) for _number in range(2)]
    assert run_at_once(operations.cancel, twice) == [True, True]
    assert holder.emails.count() == 2


def test_registrations_and_cancellations_together_never_oversell():
    event = make_event(capacity=10)
    holders = [make_registration(event) for _number in range(10)]
    verbs = [(operations.cancel, holder) for holder in holders]
    verbs += [(operations.register, build_registration(event)) for _number in range(20)]
    run_at_once(lambda verb: verb[0](verb[1]), verbs)
    assert event.registrations.occupying_place().count() == 10
    newcomers = event.registrations.exclude(pk__in=[holder.pk for holder in holders]).order_by("created_at", "pk")
    assert list(newcomers[:10]) == list(event.registrations.occupying_place().order_by("created_at", "pk"))


def test_ten_who_rejoin_at_once_for_three_places_get_three_and_a_waiting_list():
    event = make_event(capacity=3)
    people = [make_registration(event, "cancelled") for _number in range(10)]
    assert run_at_once(operations.rejoin, map(reload, people)) == [True] * 10
    assert Counter(list_statuses(event)) == {"confirmed": 3, "waitlisted": 7}
    assert Counter(OutgoingEmail.objects.values_list("kind", flat=True)) == {"registered": 3, "waitlisted": 7}
    # In order: the e-mails were queued under the lock, so in the order of coming.
    in_order_of_coming = [email.registration for email in OutgoingEmail.objects.order_by("pk")]
    assert set(in_order_of_coming[:3]) == set(event.registrations.occupying_place())
    assert in_order_of_coming[3:] == list(event.registrations.on_waiting_list())
    assert [registration.waiting_list_position for registration in in_order_of_coming[3:]] == list(range(1, 8))


def test_a_new_address_that_two_confirm_at_once_goes_to_one_of_them():
    event = make_event()
    addresses = "new@example.lv", "New@Example.LV"
    people = [make_registration(event, new_email=email, last_name="Bērziņa") for email in addresses]
    outcomes = run_at_once(attempt, [(confirm_new_address, reload(registration)) for registration in people])
    (refusal,) = [outcome for outcome in outcomes if outcome is not True]
    winner, loser = event.registrations.get(new_email=""), event.registrations.exclude(new_email="").get()
    assert isinstance(refusal, operations.AlreadyRegistered)
    assert refusal.registration == winner
    assert list(event.registrations.with_email("new@example.lv")) == [winner]
    assert loser.email in {registration.email for registration in people}
    assert [list_email_kinds(winner), list_email_kinds(loser)] == [["registered"], []]


def test_imports_and_registrations_at_once_take_no_place_twice_and_nobody_comes_in_between():
    event = make_event(capacity=20)
    lists = [[(build_registration(event, source="import"), ()) for _number in range(10)] for _list in range(3)]

    def come(people):
        if isinstance(people, Registration):
            return [operations.register(people).registration]
        return operations.register_all(event, people, notify=False).registrations

    came = run_at_once(come, [*lists, *(build_registration(event) for _number in range(10))])
    assert Counter(event.registrations.values_list("status", flat=True)) == {"confirmed": 20, "waitlisted": 20}
    order = list(event.registrations.order_by("created_at").values_list("pk", flat=True))
    for people in came[:3]:
        start = order.index(people[0].pk)
        assert order[start : start + 10] == [one.pk for one in people]


@pytest.mark.parametrize("leaves_rows_out", [False, True])
def test_an_import_confirmed_twice_at_once_happens_once(leaves_rows_out):
    """What it left out is the list afterwards, which the other presses do not import."""
    event, user = make_event(), make_user()
    draft = ImportDraft.objects.create(event=event, created_by=user, file_name="list.csv", content=b"")

    def confirm(_number):
        one = imports.RowPreview(2, [], {}, registration=build_registration(event, source="import"))
        mine = ImportDraft.objects.select_related("event").get(pk=draft.pk)
        rest = ImportDraft(pk=draft.pk, event=event, created_by=user, file_name="rest.csv", content=b"")
        together.wait()
        return imports.commit_import(mine, [one], by=user, left_out=rest if leaves_rows_out else None)

    together = threading.Barrier(4, timeout=2 * TIMEOUT)
    results = run_at_once(confirm, range(4))
    assert Counter(result is None for result in results) == {True: 3, False: 1}
    assert event.registrations.count() == 1
    assert [left.file_name for left in ImportDraft.objects.all()] == ["rest.csv"] * leaves_rows_out


def workshop_for_five(**values):
    event = make_event(**values)
    make_choice(make_question(event, "workshop", kind="one_of"), "weaving", limit=5)
    return event


def choose_at_once(event, number):
    return run_at_once(
        attempt,
        [
            (operations.register, build_registration(event, answers={"workshop": "weaving"}))
            for _number in range(number)
        ],
    )


def chosen(event) -> int:
    return event.registrations.live().filter(answers__contains={"workshop": "weaving"}).count()


def test_thirty_at_once_for_a_workshop_of_five_are_exactly_five():
    event = workshop_for_five()
    outcomes = choose_at_once(event, 30)
    assert Counter(type(outcome) for outcome in outcomes) == {
        operations.RegistrationResult: 5,
        operations.ChoiceFull: 25,
    }
    assert chosen(event) == event.registrations.count() == 5


def test_control_without_the_lock_the_workshop_is_oversold(monkeypatch):
    monkeypatch.setattr(locking, "select_event_for_update", get_without_lock)
    event = workshop_for_five()
    choose_at_once(event, 30)
    assert chosen(event) > 5


def test_registering_changing_and_rejoining_at_once_never_oversell_a_workshop():
    event = workshop_for_five()
    changing = [make_registration(event) for _number in range(8)]
    returning = [make_registration(event, "cancelled", answers={"workshop": "weaving"}) for _number in range(8)]

    def choose(registration):
        values = {"answers": {"workshop": "weaving"}}
        return operations.change_details(registration, values=values, topics=[], email=registration.email)

    steps = [(choose, registration) for registration in changing]
    steps += [(operations.rejoin, registration) for registration in returning]
    steps += [(operations.register, build_registration(event, answers={"workshop": "weaving"})) for _number in range(8)]
    run_at_once(attempt, steps)
    assert chosen(event) == 5
    assert event.registrations.live().filter(pk__in=[one.pk for one in returning]).count() == 8
