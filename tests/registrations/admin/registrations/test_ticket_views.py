import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from registrations import operations
from registrations.models import Registration
from registrations.permissions import HELPERS, STAFF
from registrations.tickets.ticket_qr import render_svg
from tests.factories import make_event, make_question, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import (
    LIST_URL,
    get_first_page,
    get_page,
    post_export,
    post_preset_list,
    read_download,
    run_action,
)

pytestmark = pytest.mark.django_db


def make_milda(event=None, status="confirmed", **values) -> Registration:
    names = {"first_name": "Milda", "last_name": "Vecā", "email": "", "source": "by_hand"}
    return make_registration(event or make_event(), status, **names, **values)


def get_ticket_url(registration) -> str:
    return reverse("admin:registrations_registration_ticket", args=[registration.pk])


def get_change_url(registration) -> str:
    return reverse("admin:registrations_registration_change", args=[registration.pk])


def test_the_ticket_of_who_has_no_address_has_the_personal_link(organiser, client):
    milda = make_milda(language="lv")
    assert get_ticket_url(milda) in get_page(organiser, get_change_url(milda))
    content = get_page(organiser, get_ticket_url(milda))
    assert "Milda Vecā" in content
    assert milda.reference in content
    assert '<main lang="lv">' in content
    assert "Latvijas Nacionālā bibliotēka" in content  # in the language of the person
    [link] = re.findall(r"http://\S+/lv/r/[^<]+/", content)
    assert link.endswith(f"/lv/r/{milda.manage_token}/")
    assert content.count("<svg") == 2
    assert client.get(link).status_code == 200
    entry = LogEntry.objects.get(object_id=milda.pk)
    assert (entry.user, entry.change_message) == (organiser.user, "Printed the ticket with the personal link")


def test_the_page_is_kept_nowhere(organiser):
    assert "no-store" in organiser.get(get_ticket_url(make_milda()))["Cache-Control"]


def test_the_ticket_of_who_has_an_address_manages_nothing(organiser):
    anna = make_registration(make_event())
    content = get_page(organiser, get_ticket_url(anna))
    assert anna.reference in content
    assert content.count("<svg") == 1
    assert render_svg(f"HTTP://LOCALHOST:8000/D/{anna.ticket_code}") in content
    assert anna.manage_token not in content
    assert "/r/" not in content
    assert LogEntry.objects.get(object_id=anna.pk).change_message == "Printed the ticket"
    organiser.post(get_ticket_url(anna))
    anna.refresh_from_db()
    assert anna.link_version == 0


def test_the_ticket_to_a_cancelled_event_says_so(organiser):
    event = make_event(confirmation_note="Please bring a pen.")
    milda = make_milda(event, language="lv")
    ticket = get_page(organiser, get_ticket_url(milda))
    assert "Please bring a pen." in ticket
    assert "ir atcelt" not in ticket
    operations.cancel_event(event, note="The hall is flooded.")
    ticket = get_page(organiser, get_ticket_url(milda))
    assert "Konference ir atcelta." in ticket
    assert "The hall is flooded." in ticket
    assert "Please bring a pen." not in ticket


def test_only_who_has_a_place_gets_the_code_for_the_door(organiser):
    assert get_page(organiser, get_ticket_url(make_milda(status="waitlisted"))).count("<svg") == 1


def test_a_link_that_others_may_have_is_replaced(organiser, client):
    milda = make_milda()
    before = milda.manage_path
    assert organiser.post(get_ticket_url(milda))["Location"] == get_ticket_url(milda)
    assert client.get(before).status_code == 404
    milda.refresh_from_db()
    assert milda.manage_token in get_page(organiser, get_ticket_url(milda))
    assert client.get(milda.manage_path).status_code == 200


@pytest.mark.parametrize("group", [STAFF, HELPERS])
def test_who_may_change_nobody_gets_no_link(client, group):
    milda = make_milda()
    client.force_login(make_user(group))
    assert client.get(get_ticket_url(milda)).status_code == 403
    assert get_ticket_url(milda) not in get_page(client, get_change_url(milda))


def test_nobody_of_another_event_and_nobody_who_was_erased(organiser):
    mine, milda = make_event(), make_milda()
    Registration.objects.filter(pk=milda.pk).update(erased_at=milda.created_at)
    assert organiser.get(get_ticket_url(milda)).status_code == 403
    restrict_to_events(organiser.user, mine)
    assert organiser.get(get_ticket_url(make_milda())).status_code == 404


def test_the_list_marks_them_and_finds_them(organiser):
    event = make_event()
    make_milda(event)
    make_registration(event)
    make_registration(event, "cancelled", email="", last_name="", first_name="", erased_at=event.updated_at)
    assert get_page(organiser, LIST_URL).count(">no e-mail</td>") == 1
    found = organiser.get(LIST_URL, {"address": "none"}).context["cl"].result_list
    assert [person.full_name for person in found] == ["Milda Vecā"]


def test_their_own_page_marks_them(staff):
    milda, anna = make_milda(), make_registration(make_event(), email="anna@example.lv")
    assert ">no e-mail</dd>" in get_page(staff, get_change_url(milda))
    content = get_page(staff, get_change_url(anna))
    assert 'href="mailto:anna@example.lv"' in content
    assert "no e-mail" not in content


def test_where_there_are_no_e_mails_there_is_no_table_of_them(organiser):
    anna = make_registration(make_event())
    assert 'id="emails-group"' not in get_page(organiser, get_change_url(anna))
    operations.resend_link(anna)
    assert 'id="emails-group"' in get_page(organiser, get_change_url(anna))


def test_exports_mark_them(organiser):
    make_milda()
    written = read_download(post_export(organiser, columns=["last_name", "email"])).decode("utf-8-sig")
    assert written.splitlines() == ["Last name;E-mail", "Vecā;no e-mail"]


def test_the_list_of_addresses_has_no_empty_line(organiser):
    event = make_event()
    make_milda(event)
    make_registration(event, email="anna@example.lv")
    assert read_download(post_preset_list(organiser, "addresses.txt", event=event.pk)) == b"anna@example.lv\n"


def test_organisers_read_who_has_to_be_told_of_a_place_until_the_ticket_is_printed(organiser):
    event = make_event(capacity=1)
    taken, milda = make_registration(event), make_milda(event, "waitlisted")
    assert "without e-mail" not in get_first_page(organiser)
    operations.cancel(taken)
    content = get_first_page(organiser)
    assert "1 person without e-mail got a place from the waiting list." in content
    found = organiser.get(LIST_URL, {"address": "untold"}).context["cl"].result_list
    assert list(found) == [milda]
    organiser.get(get_ticket_url(milda))
    assert "without e-mail" not in get_first_page(organiser)


def test_who_is_promoted_by_an_action_is_counted_though_nobody_e_mails_them(organiser):
    event = make_event(capacity=1)
    taken = make_registration(event)
    make_milda(event, "waitlisted")
    assert "1 person got a place from the waiting list." in run_action(organiser, "cancel", taken)


def test_a_link_is_not_e_mailed_to_nowhere(organiser):
    milda = make_milda()
    [told] = run_action(organiser, "send_link_again", milda)
    assert told.startswith(f"Milda Vecā ({milda.reference}): This person has no e-mail address.")


def test_mailings_count_who_will_not_get_them(organiser):
    event = make_event()
    make_milda(event)
    address = reverse("admin:registrations_mailing_add")
    content = get_page(organiser, address, event=event.pk)
    assert "1 person has no e-mail address and will not get it." in content
    assert "There is nobody to write to" in content
    anna = make_registration(event)
    content = get_page(organiser, address, event=event.pk)
    assert "This will be sent to 1 person." in content
    texts = {"subject_0": "X", "subject_1": "X", "text_0": "Y", "text_1": "Y"}
    page = organiser.post(f"{address}?event={event.pk}", {**texts, "preview": "1"}).context
    sent = {**texts, "send": "1", "previewed": page["previewed"], "id": page["id"]}
    organiser.post(f"{address}?event={event.pk}", sent)
    assert list(event.registrations.filter(emails__kind="message")) == [anna]


def test_who_cancels_an_event_reads_who_has_to_be_told_in_another_way(organiser):
    event = make_event()
    address = reverse("admin:conference_event_cancel", args=[event.pk])
    make_registration(event)
    assert "no e-mail address" not in get_page(organiser, address)
    make_milda(event)
    make_milda(event, "cancelled")
    content = get_page(organiser, address)
    assert "1 person has no e-mail address and will not get it." in content
    [link] = re.findall(r'href="([^"]+)">Please tell them in another way', content)
    found = organiser.get(link.replace("&amp;", "&")).context["cl"].result_list
    assert {person.email for person in found} == {""}


def test_who_writes_to_people_with_a_need_is_not_told_how_many_have_no_address(organiser):
    event = make_event()
    make_question(event, "diet", is_about_needs=True)
    make_milda(event, answers={"diet": "vegan"})
    content = get_page(organiser, reverse("admin:registrations_mailing_add"), event=event.pk, needs="any")
    assert "People without an e-mail address will not get it." in content
    assert "1 person has no e-mail address" not in content
