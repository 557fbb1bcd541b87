import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from registrations import operations
from registrations.mail import delivery, outbox
from registrations.privacy import export_personal_data
from tests.factories import make_event, make_question, make_registration, make_topic
from tests.registrations.privacy.marked_person import MARKS, register_marked

pytestmark = pytest.mark.django_db


def test_the_export_has_everything_that_was_entered_and_sent():
    event = make_event()
    topic = make_topic(event, "Tematsmarka")
    make_question(event, "lunch", label="Jautajumsmarka")
    registration = register_marked(event)
    exported = json.dumps(export_personal_data(registration), cls=DjangoJSONEncoder, ensure_ascii=False)
    given = [mark for mark in MARKS.values() if isinstance(mark, str)]
    other = ["Birkasmarka", "Vecamarka", "Jaunamarka", str(topic), "Jautajumsmarka", "Pusdienumarka", "Zurnalsmarka"]
    for mark in given + other:
        assert mark in exported
    assert len(export_personal_data(registration)["emails"]) == 5
    assert registration.manage_token not in exported  # a secret, which the address's owner has already


def test_the_export_has_nothing_of_others():
    event = make_event()
    registration = register_marked(event)
    other = make_registration(event, first_name="Cits", email="cits@example.lv")
    outbox.queue(other, "registered")
    outbox.queue_links(other.email, "en")
    exported = json.dumps(export_personal_data(registration), cls=DjangoJSONEncoder)
    assert "Cits" not in exported
    assert "cits@example.lv" not in exported


def test_the_export_has_nothing_of_others_who_share_the_address():
    event, address = make_event(), "library@example.lv"
    people = {
        name: make_registration(event, email=address, first_name=name, last_name="Kalna") for name in ("Anna", "Ilze")
    }
    outbox.queue_links(address, "en")
    delivery.send_due()
    for registration in people.values():
        outbox.queue(registration, "registered")
    delivery.send_due()
    juris = make_registration(event, email=address, first_name="Juris", last_name="Kalns")
    for registration in [*people.values(), juris]:
        exported = export_personal_data(registration)
        text = json.dumps(exported, cls=DjangoJSONEncoder, ensure_ascii=False)
        assert [name for name in ("Anna", "Ilze", "Juris") if name in text] == [registration.first_name]
        others = {one.reference for one in [*people.values(), juris]} - {registration.reference}
        assert [reference for reference in others if reference in text] == []
    assert [email["kind"] for email in export_personal_data(people["Anna"])["emails"]] == ["link", "registered"]
    assert export_personal_data(juris)["emails"] == []


def test_nobody_exports_the_link_to_an_address_that_they_have_not_confirmed():
    registration = make_registration(make_event())
    operations.change_details(registration, values={}, topics=[], email="stranger@example.lv")
    delivery.send_due()
    assert registration.emails.get(kind="new_address").text
    exported = json.dumps(export_personal_data(registration), cls=DjangoJSONEncoder, ensure_ascii=False)
    token = registration.manage_path_for("stranger@example.lv").split("/")[-2]
    assert token.partition(".")[2] not in exported
    assert "/r/\u2026/" in exported


def test_the_links_of_an_address_that_was_only_asked_for_are_not_exported():
    event = make_event()
    victim = make_registration(event, email="victim@example.lv")
    outbox.queue_links(victim.email, "en")
    delivery.send_due()
    registration = make_registration(event)
    operations.change_details(registration, values={}, topics=[], email=victim.email)
    assert victim.manage_token not in json.dumps(export_personal_data(registration), cls=DjangoJSONEncoder)
