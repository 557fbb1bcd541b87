"""Colleagues are invited by e-mail: the link sets the first password, once, within seven days, for nobody else."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.colleagues import INVITATIONS_LIMIT
from accounts.models import Colleague
from conference.models import get_limited_access
from config.logging import RedactingFormatter
from registrations.mail import delivery
from registrations.models import OutgoingEmail, choose_event
from registrations.permissions import HELPERS, ORGANISERS
from tests.accounts.colleague_pages import ADD_URL, LIST_URL, accept, do, fill_in, invite, log_in, send_link
from tests.factories import make_event, make_user, use_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser():
    return log_in(ORGANISERS)


def says_dead(response) -> bool:
    return response.status_code == 200 and "This link does not work" in response.content.decode()


def test_the_link_sets_the_first_password_once_and_leads_to_the_second_factor(organiser):
    event = make_event()
    colleague = invite(organiser, event)
    assert (colleague.username, colleague.has_usable_password()) == ("anna.ozola@example.lv", False)
    assert [group.name for group in colleague.groups.all()] == [HELPERS]
    assert [*get_limited_access(colleague).events.all()] == [event]
    link = send_link()
    assert mail.outbox[-1].to == ["Anna.Ozola@example.lv"]
    client = Client(headers={"accept-language": "en"})
    assert accept(client, link)["Location"] == "/account/log-in/?next=%2Faccount%2F"
    assert not get_user(client).is_authenticated
    assert says_dead(accept(Client(headers={"accept-language": "en"}), link, new_password1="x", new_password2="x"))
    data = {"login": "Anna.OZOLA@example.lv", "password": "a-long-new-one", "next": "/account/"}
    assert client.post("/account/log-in/", data)["Location"] == "/account/"
    assert get_user(client).pk == colleague.pk
    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert told == [f"Invited. Role: Helper. Conferences: {event}.", "The invitation was accepted."]


def test_the_conference_on_which_the_inviter_works_is_ticked_and_no_other(organiser):
    event, _other = make_event(), make_event()
    assert "checked" not in read_ticks(organiser)
    choose_event(organiser.user, event)
    assert re.findall(r'value="(\d+)"[^>]* checked', read_ticks(organiser)) == [str(event.pk)]


def read_ticks(client) -> str:
    """The inputs that choose conferences on the page that invites."""
    return "".join(
        re.findall(r'<input[^>]* name="(?:events|has_all_events)"[^>]*>', client.get(ADD_URL).content.decode())
    )


def test_the_list_says_what_became_of_the_invitation(organiser):
    def read_state() -> str:
        row = organiser.get(LIST_URL).content.decode().rpartition("Ieva Ozola")[2]
        return re.search(r'class="field-state">([^<]*)<', row)[1]

    invite(organiser, first_name="Ieva")
    assert read_state() == "invited"  # its e-mail waits to be sent
    link = send_link()
    assert read_state() == "invited"
    sent = OutgoingEmail.objects.filter(kind="invitation")
    sent.update(sent_at=timezone.now() - timedelta(days=7, minutes=1))
    assert read_state() == "the invitation has expired"
    sent.update(sent_at=None, next_attempt_at=None)
    assert read_state() == "the invitation could not be delivered"
    do(organiser, Colleague.objects.latest("pk"), "invite")
    assert read_state() == "invited"
    assert says_dead(accept(Client(headers={"accept-language": "en"}), link))
    accept(client := Client(), send_link())
    client.post("/account/log-in/", {"login": "anna.ozola@example.lv", "password": "a-long-new-one"})
    assert read_state() == "active"


def test_the_link_works_for_seven_days(organiser):
    invite(organiser)
    link = send_link()
    for days, status in ((6.9, 302), (7.1, 200)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert Client().get(link).status_code == status


@pytest.mark.parametrize(
    "change",
    [
        lambda organiser, colleague: do(organiser, colleague, "deactivate"),
        lambda organiser, colleague: do(organiser, colleague, "invite"),
        lambda organiser, colleague: User.objects.filter(pk=colleague.pk).update(email="other@example.lv"),
        lambda organiser, colleague: (do(organiser, colleague, "deactivate"), do(organiser, colleague, "reactivate")),
    ],
)
def test_a_link_dies_when_it_is_withdrawn_or_sent_again_even_in_an_open_form(organiser, change):
    colleague = invite(organiser)
    link, client = send_link(), Client(headers={"accept-language": "en"})
    form = client.get(link)["Location"]
    assert client.get(form).status_code == 200
    change(organiser, colleague)
    assert says_dead(client.post(form, {"new_password1": "a-long-new-one", "new_password2": "a-long-new-one"}))
    assert says_dead(client.get(link))
    assert not User.objects.get(pk=colleague.pk).has_usable_password()


def test_the_link_that_was_sent_again_works(organiser):
    colleague = invite(organiser)
    send_link()
    do(organiser, colleague, "invite")
    assert accept(Client(), send_link()).status_code == 302
    assert len(mail.outbox) == 2


def test_a_link_of_somebody_else_opens_nothing(organiser):
    invite(organiser)
    link = send_link()
    other = invite(organiser, email="other@example.lv")
    assert accept(Client(), send_link()).status_code == 302
    token = link.partition(".")[2]
    for user in (other, organiser.user):
        reset_link = link.replace(link.split("/")[4].partition(".")[0], "Mg" if user == other else "MQ")
        assert token in reset_link
        assert Client().get(reset_link.replace("invitation/r", "password/r")).status_code == 200


def test_what_is_withdrawn_before_it_is_sent_is_not_sent(organiser):
    do(organiser, invite(organiser), "deactivate")
    assert delivery.send_due() == (0, 0)
    assert mail.outbox == []


def test_nobody_who_reads_the_outbox_or_the_log_gets_the_link(organiser):
    invite(organiser)
    link = send_link()
    email, token = OutgoingEmail.objects.get(), link.partition(".")[2].strip("/")
    assert (email.text, email.html, email.state) == ("", "", "sent")
    assert token not in str(OutgoingEmail.objects.values().get())
    assert token not in RedactingFormatter().format(logging.makeLogRecord({"msg": f"GET {link} 302"}))


def test_who_was_invited_gets_no_link_for_a_forgotten_password_and_the_answer_is_the_same(organiser):
    invite(organiser)
    OutgoingEmail.objects.all().delete()
    answers = set()
    for address in ("anna.ozola@example.lv", "nobody@example.lv"):
        response = Client().post("/account/password/forgotten/", {"email": address})
        answers.add((response.status_code, response["Location"]))
    assert len(answers) == 1
    assert delivery.send_due() == (0, 0)
    assert OutgoingEmail.objects.count() == 0


@pytest.mark.parametrize("typed", ["Boss@example.lv", "BOSS@EXAMPLE.LV", "the.boss@example.lv"])
def test_an_address_with_an_account_is_refused_and_its_account_stays_as_it_is(organiser, typed):
    make_user(email="the.boss@example.lv", is_superuser=True)
    User.objects.filter(email="the.boss@example.lv").update(username="boss@example.lv")
    before = User.objects.values().get(username="boss@example.lv")
    response = organiser.post(ADD_URL, fill_in(email=typed))
    assert "An account with this address exists already" in response.content.decode()
    assert User.objects.values().get(username="boss@example.lv") == before
    assert (Colleague.objects.count(), OutgoingEmail.objects.count()) == (2, 0)


def test_one_user_sends_twenty_invitations_an_hour(organiser):
    use_up("invitation", str(organiser.user.pk), INVITATIONS_LIMIT)
    response = organiser.post(ADD_URL, fill_in())
    assert "You have sent many invitations. Please send the next one in" in response.content.decode()
    assert OutgoingEmail.objects.count() == 0
    invite(log_in(ORGANISERS))


def test_users_log_in_by_name_or_by_an_address_that_is_only_theirs():
    user, twins = make_user(email="one@example.lv"), [make_user(email="two@example.lv") for _time in range(2)]
    expected = {user.username: True, "ONE@example.lv": True, "two@example.lv": False, twins[0].username: True}
    for typed, is_in in expected.items():
        client = Client()
        client.post("/account/log-in/", {"login": typed, "password": "correct horse"})
        assert get_user(client).is_authenticated == is_in, typed
