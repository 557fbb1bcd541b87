import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone

from registrations import operations, privacy
from registrations.mail import delivery, outbox
from registrations.models import Change, Mailing, OutgoingEmail, Registration
from tests.factories import build_registration, make_event, make_question, make_registration, make_topic, make_user
from tests.registrations.stored_state import dump_database, list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db

MARKS = {
    "first_name": "Annamarka",
    "last_name": "Uzvardsmarka",
    "email": "epastsmarka@example.lv",
    "new_email": "jaunaismarka@example.lv",
    "organisation": "Organizacijasmarka",
    "job_title": "Amatsmarka",
    "internal_note": "Piezimesmarka",
    "tags": ["Birkasmarka"],
}


def marked(event, **values) -> Registration:
    """Somebody whose every text can be found again wherever it is stored, with e-mails and a history."""
    registration, _has_place = operations.register(
        build_registration(event, answers={"lunch": "Pusdienumarka"}, **MARKS, **values), topics=event.topics.all()
    )
    outbox.queue_all(
        [registration],
        OutgoingEmail.Kind.MESSAGE,
        mailing=Mailing.objects.create(subject="To {first_name}", text="Dear {first_name} {last_name}"),
    )
    outbox.queue_links(MARKS["email"].upper(), "lv")
    delivery.send_due()
    failed = outbox.queue(registration, OutgoingEmail.Kind.CHANGED)
    failed.mark_failed(timezone.now(), f"SMTPRecipientsRefused: {MARKS['email']}", for_good=True)
    failed.save()
    outbox.queue(registration, OutgoingEmail.Kind.REGISTERED)  # still to be sent
    Change.objects.create(registration=registration, actor="person", field="email", old="Vecamarka", new="Jaunamarka")
    LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(Registration),
        object_id=str(registration.pk),
        object_repr=registration.reference,
        action_flag=CHANGE,
        change_message="Zurnalsmarka",
    )
    return registration


def names(model) -> set[str]:
    """The names of the model's own fields, those to many among them."""
    return {field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete}


@pytest.mark.parametrize("model", [Registration, OutgoingEmail, Change])
@pytest.mark.parametrize(
    ("done", "left"),
    [(privacy.EXPORTED_FIELDS, privacy.NOT_EXPORTED_FIELDS), (privacy.ERASED_VALUES, privacy.KEPT_FIELDS)],
    ids=["taken", "erased"],
)
def test_every_field_has_its_rule(model, done, left):
    assert names(model) == set(done[model]) | set(left[model])
    assert not set(done[model]) & set(left[model])


def test_nothing_else_belongs_to_a_person():
    """A table that refers to registrations holds personal data, and has to be taken and erased as well."""
    related = {relation.related_model for relation in Registration._meta.related_objects}
    assert related == {OutgoingEmail, Change}


def test_a_field_without_a_rule_would_be_noticed(monkeypatch):
    monkeypatch.setitem(privacy.ERASED_VALUES, Registration, {"first_name": ""})
    assert names(Registration) != set(privacy.ERASED_VALUES[Registration]) | set(privacy.KEPT_FIELDS[Registration])


def test_what_is_taken_holds_everything_that_was_given_and_written():
    event = make_event()
    topic = make_topic(event, "Tematsmarka")
    make_question(event, "lunch", label="Jautajumsmarka")
    registration = marked(event)
    held = json.dumps(privacy.export_personal_data(registration), cls=DjangoJSONEncoder, ensure_ascii=False)
    given = [mark for mark in MARKS.values() if isinstance(mark, str)]
    other = ["Birkasmarka", "Vecamarka", "Jaunamarka", str(topic), "Jautajumsmarka", "Pusdienumarka", "Zurnalsmarka"]
    for mark in given + other:
        assert mark in held
    assert len(privacy.export_personal_data(registration)["emails"]) == 5
    assert registration.manage_token not in held  # a secret, which the address's owner has already


def test_what_is_taken_holds_nothing_of_others():
    event = make_event()
    registration = marked(event)
    other = make_registration(event, first_name="Cits", email="cits@example.lv")
    outbox.queue(other, "registered")
    outbox.queue_links(other.email, "en")
    held = json.dumps(privacy.export_personal_data(registration), cls=DjangoJSONEncoder)
    assert "Cits" not in held
    assert "cits@example.lv" not in held


def test_after_erasing_nothing_in_the_database_leads_to_the_person():
    event = make_event()
    make_question(event, "lunch")
    registration = marked(event)
    secrets = [registration.reference, registration.manage_token, registration.reference.lower()]
    assert "marka" in dump_database()
    privacy.erase_person(registration)
    stored = dump_database()
    assert "marka" not in stored.lower()
    for secret in secrets:
        assert secret not in stored
    assert delivery.send_due() == (0, 0)


def test_no_trace_is_left_of_an_address_that_the_person_had_before():
    registration, _has_place = operations.register(build_registration(make_event(), email="senakmarka@example.lv"))
    outbox.queue_links("senakmarka@example.lv", "lv")
    delivery.send_due()
    operations.change_address(registration, "tagadmarka@example.lv")
    delivery.send_due()
    privacy.erase_person(registration)
    assert "marka" not in dump_database()


def test_nobody_takes_the_link_to_an_address_that_they_have_not_confirmed():
    registration = make_registration(make_event())
    operations.change_details(registration, values={}, topics=[], email="stranger@example.lv")
    delivery.send_due()
    assert registration.emails.get(kind="new_address").text
    held = json.dumps(privacy.export_personal_data(registration), cls=DjangoJSONEncoder, ensure_ascii=False)
    token = registration.manage_path_for("stranger@example.lv").split("/")[-2]
    assert token.partition(".")[2] not in held
    assert "/r/\u2026/" in held


def test_who_cancelled_and_registered_anew_is_erased_in_both_places():
    event = make_event()
    cancelled, _has_place = operations.register(build_registration(event, **MARKS))
    operations.cancel(cancelled)
    registration, _has_place = operations.register(build_registration(event, **MARKS))
    privacy.erase_person(registration)
    assert "marka" not in dump_database()
    assert list_statuses(event) == ["cancelled", "cancelled"]


def test_a_message_queued_while_its_person_was_erased_is_not_sent_and_not_kept():
    registration = make_registration(make_event(), email="gone@example.lv")
    seen_by_the_sender = Registration.objects.get(pk=registration.pk)
    privacy.erase_person(registration)
    outbox.queue_all([seen_by_the_sender], OutgoingEmail.Kind.REMINDER, is_bulk=True)
    assert delivery.send_due() == (0, 0)
    assert "gone@example.lv" not in dump_database()


def test_the_links_of_an_address_that_was_only_asked_for_are_not_taken():
    event = make_event()
    victim = make_registration(event, email="victim@example.lv")
    outbox.queue_links(victim.email, "en")
    delivery.send_due()
    registration = make_registration(event)
    operations.change_details(registration, values={}, topics=[], email=victim.email)
    assert victim.manage_token not in json.dumps(privacy.export_personal_data(registration), cls=DjangoJSONEncoder)


def test_erasing_leaves_everybody_else_as_they_were():
    event = make_event()
    other = make_registration(event, first_name="Cits", email="cits@example.lv")
    outbox.queue(other, "registered")
    delivery.send_due()
    before = list(OutgoingEmail.objects.values()), Registration.objects.values().get()
    registration = marked(event)
    privacy.erase_person(registration)
    assert list(other.emails.values()) == before[0]
    assert Registration.objects.filter(pk=other.pk).values().get() == before[1]


def test_after_erasing_the_counts_are_true():
    event = make_event()
    topic = make_topic(event)
    registration = marked(event, country="LV", sector="library")
    number = OutgoingEmail.objects.count()
    privacy.erase_person(registration)
    registration.refresh_from_db()
    assert (registration.status, registration.country.code, registration.sector) == ("cancelled", "LV", "library")
    assert list(registration.topics.all()) == [topic]
    assert registration.erased_at
    assert OutgoingEmail.objects.count() == number
    assert not OutgoingEmail.objects.given_up().exists()


def test_the_place_of_an_erased_person_goes_to_the_next_and_no_e_mail_to_nobody():
    event = make_event(capacity=1)
    registration, waiting = make_registration(event), make_registration(event, "waitlisted")
    privacy.erase_person(registration)
    assert list_statuses(event) == ["cancelled", "confirmed"]
    assert (list_email_kinds(registration), list_email_kinds(waiting)) == ([], ["promoted"])


def test_after_the_event_an_erased_person_still_counts_as_one_who_had_a_place():
    event = make_event(starts_at=timezone.now() - timedelta(days=2))
    people = [make_registration(event) for _number in range(2)]
    for registration in people:
        privacy.erase_person(registration)
    assert list_statuses(event) == ["confirmed", "confirmed"]


def test_who_was_erased_can_register_again():
    event = make_event()
    registration, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    privacy.erase_person(registration)
    again, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    assert again != registration
    assert list_statuses(event) == ["cancelled", "confirmed"]


def test_erasing_that_fails_half_way_erases_nothing(monkeypatch):
    def broken(*arguments):
        raise IntegrityError("killed")

    event = make_event()
    registration = marked(event)
    before = dump_database()
    monkeypatch.setattr(privacy, "get_log_entries", broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        privacy.erase_person(registration)
    assert dump_database() == before


def test_what_was_merged_with_it_is_erased_too_but_not_the_other_way_round():
    event = make_event()
    keep, drop = make_registration(event), make_registration(event, internal_note="phoned")
    stranger = make_registration(event)
    operations.merge(keep, drop, by=None)
    privacy.erase_person(Registration.objects.get(pk=keep.pk))
    assert set(event.registrations.not_erased()) == {stranger}
    keep, drop = make_registration(event), make_registration(event)
    operations.merge(keep, drop, by=None)
    privacy.erase_person(Registration.objects.get(pk=drop.pk))
    assert set(event.registrations.not_erased()) == {stranger, keep}


def test_what_was_merged_with_what_was_merged_is_erased_too():
    event = make_event()
    keep, middle, first = (make_registration(event) for _number in range(3))
    before = make_registration(event, "cancelled", email=first.email)
    stranger = make_registration(event)
    operations.merge(middle, first, by=None)
    operations.merge(keep, middle, by=None)
    privacy.erase_person(Registration.objects.get(pk=keep.pk))
    assert set(event.registrations.not_erased()) == {stranger}
    before.refresh_from_db()
    assert (before.email, before.first_name) == ("", "")
