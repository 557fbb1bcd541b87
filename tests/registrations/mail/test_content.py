import re
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from linkify_it import LinkifyIt

from registrations import operations
from registrations.mail import delivery, outbox
from registrations.mail.content import ZERO_WIDTH_SPACE, break_links, build_page_url, render_examples
from registrations.models import ACCOUNT_KINDS, EmailParagraph, Mailing, OutgoingEmail, Registration
from registrations.models.outgoing_email import PARAGRAPH_KINDS
from tests.factories import build_registration, make_event, make_question, make_registration, make_topic
from tests.registrations.mail.mailbox import get_bodies, parse_received, queue_email, send_and_get_last
from tests.registrations.stored_state import dump_database

pytestmark = pytest.mark.django_db

Kind = OutgoingEmail.Kind
# A link in a notice about an account is what people who fish for passwords send.
WITH_LINK = {Kind.PASSWORD_RESET, Kind.INVITATION}
WITHOUT_LINK = {Kind.ADDRESS_NOTICE, *ACCOUNT_KINDS} - WITH_LINK
HOSTILE_INPUTS = [
    '<a href="https://evil.example">x</a>',
    "<https://evil.example>",
    "<b>evil.example</b>",
    "![x](https://evil.example/x.png)",
    "[x]\n\n[x]: https://evil.example",
    "[x](http://evil.example)",
    "evil.example",
    "www.evil.lv",
    "https://evil.lv/a?b=c",
    "//evil.lv",
    "mailto:x@evil.lv",
    "{link}",
]


def extract_html_text(html: str) -> str:
    body = html[html.index("<body>") :]
    text = re.sub(r'<a(?: class="button")? href="([^"]+)">([^<]*)</a>', r"\2 \1", body)
    return re.sub(r"<[^>]+>", " ", text).replace("&#x27;", "'").replace("&amp;", "&")


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("kind", Kind.values)
def test_every_message_is_written_in_the_persons_language(kind, language):
    queue_email(kind, language=language)
    message = send_and_get_last()
    plain, html = get_bodies(message)
    assert ("Labdien" in plain) is ("Labdien" in html) is (language == "lv")
    assert f'<html lang="{language}">' in html
    assert message["Content-Language"] == language
    assert message["Subject"]
    assert "{" not in plain
    assert "{" not in html[html.index("<body>") :]
    assert "None" not in plain


@pytest.mark.parametrize("kind", Kind.values)
def test_text_and_html_say_the_same(kind):
    queue_email(kind)
    plain, html = get_bodies(send_and_get_last())
    said = re.sub(r"[\W_]+", " ", plain).split()
    shown = set(re.sub(r"[\W_]+", " ", extract_html_text(html)).split())
    assert [word for word in said if word not in shown] == []


@pytest.mark.parametrize("kind", Kind.values)
def test_a_link_in_a_message_only_opens_a_page(client, kind):
    event = make_event(confirm_email=True)
    queue_email(kind, event=event)
    plain, html = get_bodies(send_and_get_last())
    links = set(re.findall(rf"{settings.SITE_URL}\S*", plain)) | set(re.findall(r'href="(http[^"]+)"', html))
    before = dump_database()
    for link in links:
        response = client.get(link.removeprefix(settings.SITE_URL), follow=True)
        assert response.status_code == 200, link
    assert dump_database() == before
    assert links or kind in WITHOUT_LINK
    assert not links or kind not in ACCOUNT_KINDS or kind in WITH_LINK


@pytest.mark.parametrize("typed", HOSTILE_INPUTS)
@pytest.mark.parametrize("kind", Kind.values)
def test_nothing_that_a_visitor_typed_becomes_a_link_or_markup(kind, typed):
    event = make_event()
    make_question(event, "lunch", kind="long_text")
    values = {"first_name": typed, "last_name": typed, "organisation": typed, "job_title": typed}
    queue_email(kind, event=event, answers={"lunch": typed}, **values)
    message = send_and_get_last()
    plain, html = get_bodies(message)
    own = (settings.SITE_URL, f"mailto:{event.contact_email}")
    found = [match.url for match in LinkifyIt().match(plain) or []]
    assert [url for url in found if not url.startswith(own) and "evil" in url] == []
    assert [url for url in re.findall(r'href="([^"]*)"', html) if not url.startswith(own)] == []
    visible = [match.url for match in LinkifyIt().match(extract_html_text(html)) or []]
    assert [url for url in visible if "evil" in url] == []
    assert "evil" not in (message["Subject"] if kind != Kind.MESSAGE else "")


LITERAL_INPUTS = [
    *HOSTILE_INPUTS,
    *("*a*", "**a**", "_a_", "`a`", "# a", "- a", "1. a", "> a", "    a", "***", "a\\", "\\*a\\*", "&amp;", "&#42;"),
    *("{0}", "{1}", "%7B1%7D", "{first_name}", "a\n\n- b\n# c"),
]


@pytest.mark.parametrize("typed", LITERAL_INPUTS)
@pytest.mark.parametrize("kind", [Kind.REGISTERED, Kind.MESSAGE, Kind.ALREADY_REGISTERED])
def test_what_a_visitor_typed_is_shown_literally(kind, typed):
    event = make_event()
    make_question(event, "lunch", kind="long_text")
    names = {"first_name": typed, "last_name": typed, "email_confirmed_at": timezone.now()}
    queue_email(kind, event=event, **names, answers={"lunch": typed})
    plain, html = get_bodies(send_and_get_last())
    expected = " ".join(break_links(typed).split())
    number = 1 if kind == Kind.MESSAGE else 3
    html_text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html[html.index("<body>") :])).split())
    assert " ".join(plain.split()).count(expected) >= number
    assert html_text.count(expected) >= number


def test_the_check_for_links_would_notice_one():
    assert [match.url for match in LinkifyIt().match("Hello, evil.example! www.evil.lv https://evil.lv/a?b=c")] == [
        "http://www.evil.lv",
        "https://evil.lv/a?b=c",
    ]
    assert LinkifyIt().match(break_links("evil.lv www.evil.lv https://evil.lv/a //evil.lv x@evil.lv")) is None


def test_what_was_typed_reads_as_it_was_typed():
    assert break_links("J. K. Bērziņš").replace(ZERO_WIDTH_SPACE, "") == "J. K. Bērziņš"
    assert break_links("Bērziņš") == "Bērziņš"
    assert break_links("evil.lv") == "evil.\u200blv"


def test_a_line_break_in_a_name_makes_no_header():
    mailing = Mailing.objects.create(subject="For {first_name}", text="x")
    values = {"first_name": "Anna\r\nBcc: everybody@example.org", "email_confirmed_at": timezone.now()}
    registration = make_registration(make_event(), **values)
    outbox.queue_all([registration], Kind.MESSAGE, mailing=mailing)
    message = send_and_get_last()
    assert message["Bcc"] is None
    assert message["Subject"] == "For Anna Bcc: everybody@ example. org"


def test_a_message_carries_the_headers_of_a_good_citizen():
    email = queue_email(Kind.REGISTERED)
    message = send_and_get_last()
    assert message["Reply-To"] == "organisers@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Message-ID"] == email.message_id
    assert re.fullmatch(r"<[0-9a-f]{40}@localhost>", email.message_id)


def test_a_message_keeps_its_id_through_every_attempt_and_gets_another_when_sent_anew():
    email = queue_email(Kind.REGISTERED)
    first = email.message_id
    email.mark_failed(timezone.now(), "451")
    email.save()
    assert OutgoingEmail.objects.get().message_id == first
    email.mark_for_resend(timezone.now() + timedelta(seconds=1))
    assert email.message_id != first
    assert outbox.queue(email.registration, Kind.CHANGED).message_id != email.message_id


def test_the_message_to_a_new_address_tells_nothing_of_the_person():
    email = queue_email(Kind.NEW_ADDRESS, first_name="Annija", last_name="Kalniņa")
    plain, html = get_bodies(send_and_get_last())
    for body in (plain, html):
        assert "Annija" not in body
        assert "Kalniņa" not in body
        assert email.registration.reference in body  # in the link, and there alone
        assert email.registration.manage_token not in body
    assert mail.outbox[0].to == ["new@example.lv"]


def test_a_link_to_a_new_address_that_was_mistyped_is_dead_when_the_right_one_was_given():
    registration = make_registration(make_event())
    for email in ("mistyped@example.lv", "right@example.lv"):
        operations.change_details(registration, values={}, topics=[], email=email)
        delivery.send_due()
    told = {message.to[0]: re.search(r"/r/(\S+)/$", message.body, re.MULTILINE)[1] for message in mail.outbox}
    with pytest.raises(Registration.DoesNotExist):
        Registration.objects.get_by_new_address_token(told["mistyped@example.lv"])
    assert Registration.objects.get_by_new_address_token(told["right@example.lv"]) == registration


def test_an_answer_to_a_list_of_links_goes_to_the_organisers_of_the_latest_event():
    for days, contact in ((9, "later@example.org"), (5, "sooner@example.org")):
        event = make_event(starts_at=timezone.now() + timedelta(days=days), contact_email=contact)
        make_registration(event, email="anna@example.lv")
    outbox.queue_links("anna@example.lv", "en")
    assert send_and_get_last()["Reply-To"] == "later@example.org"


def test_the_notice_to_the_old_address_never_carries_the_new_link():
    event = make_event()
    registration = make_registration(event, email="old@example.lv", new_email="new@example.lv")
    outbox.queue(registration, Kind.ADDRESS_NOTICE)
    operations.confirm_new_address(registration, registration.new_email)
    OutgoingEmail.objects.exclude(kind=Kind.ADDRESS_NOTICE).delete()
    plain, html = get_bodies(send_and_get_last())
    assert mail.outbox[0].to == ["old@example.lv"]
    for body in (plain, html):
        assert "/r/" not in body
        assert "now uses another e-mail address" in body
        assert "new@" not in body


@pytest.mark.parametrize(("language", "expected"), [("lv", "Nāciet pa sānu durvīm, Anna!"), ("en", "Side door, Anna!")])
def test_the_organisers_own_paragraph_comes_in_the_persons_language(language, expected):
    event = make_event()
    text = {"lv": "**Nāciet** pa sānu durvīm, {first_name}!", "en": "**Side** door, {first_name}!"}
    EmailParagraph.objects.create(event=event, kind="registered", text=text)
    queue_email(Kind.REGISTERED, event=event, first_name="Anna", language=language)
    plain, html = get_bodies(send_and_get_last())
    assert expected in plain
    assert expected in extract_html_text(html).replace("  ", " ").replace("\n", " ").replace(" ,", ",").replace(
        " pa", " pa"
    )
    assert "<strong>" in html


def test_a_paragraph_belongs_to_its_message_and_event():
    event = make_event()
    EmailParagraph.objects.create(event=event, kind="cancelled", text="Of another message.")
    EmailParagraph.objects.create(event=make_event(), kind="registered", text="Of another event.")
    queue_email(Kind.REGISTERED, event=event)
    assert "Of another" not in get_bodies(send_and_get_last())[0]


def test_placeholders_take_a_name_for_what_it_is():
    event = make_event(title="Libraries")
    text = "{first_name}|{last_name}|{reference}|{event}|{when}|{venue}|{link} and [here]({link})"
    EmailParagraph.objects.create(event=event, kind="registered", text=text)
    names = {"first_name": "{last_name}", "last_name": "<b>B</b> **x**", "email_confirmed_at": timezone.now()}
    email = queue_email(Kind.REGISTERED, event=event, **names)
    plain, html = get_bodies(send_and_get_last())
    link = build_page_url(email.registration, "show")
    assert f"{{last_name}}|<b>B</\u200bb> **x**|{email.registration.reference}|Libraries|" in plain
    assert f"|{link} and here: {link}\n" in plain
    assert "{last_name}|&lt;b&gt;B&lt;/\u200bb&gt; **x**|" in html
    assert f'<a href="{link}">here</a>' in html


@pytest.mark.parametrize("names", [("Suharto", ""), ("", "Suharto")])
def test_who_has_only_one_name_is_called_by_it(names):
    event = make_event()
    EmailParagraph.objects.create(event=event, kind="registered", text="Dear {first_name}{last_name}!")
    queue_email(Kind.REGISTERED, event=event, first_name=names[0], last_name=names[1])
    plain, _html = get_bodies(send_and_get_last())
    assert plain.startswith("Hello Suharto,\n")
    assert "Dear Suharto!" in plain
    assert plain.count("name: Suharto\n") == 1


def test_every_message_of_an_event_can_be_previewed_and_leaves_nothing_behind():
    event = make_event(capacity=1)
    make_topic(event)
    before = dump_database()
    shown = render_examples(event)
    assert len(shown) == len(Kind) - len([Kind.MESSAGE, Kind.TEST, *ACCOUNT_KINDS])
    for _kind, (latvian, english) in shown:
        assert "Labdien" in latvian.text
        assert "Hello" in english.text
        assert "Anna" in english.text or "Anna" not in english.html
        assert "<html" not in english.html_body
    assert dump_database() == before


@pytest.mark.parametrize(
    ("status", "subject"), [("pending", "A place is available – please confirm"), ("confirmed", "You now have a place")]
)
def test_a_place_that_is_only_held_is_not_promised_in_the_subject(status, subject):
    outbox.queue(make_registration(make_event(), status), Kind.PROMOTED)
    assert send_and_get_last()["Subject"].strip().startswith(subject)


SPAM = "URGENT your place is lost call +371 20000000"


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.TEST])
def test_a_message_in_the_place_of_a_name_reaches_nobody_who_has_not_confirmed_the_address(kind):
    """Anybody can enter it together with a stranger's address."""
    event = make_event()
    EmailParagraph.objects.create(event=event, kind="registered", text="{first_name} {last_name}")
    queue_email(kind, event=event, first_name=SPAM, last_name=SPAM)
    message = send_and_get_last()
    for body in (*get_bodies(message), message["Subject"]):
        assert "URGENT" not in body
        assert "20000000" not in body
    if kind not in (Kind.LINK, Kind.NEW_ADDRESS):
        assert "Hello,\n" in get_bodies(message)[0]


def register_again(event, **values) -> tuple[str, str]:
    """Register Anna, then once more with these values, and return what the e-mail about that says."""
    first = {"email": "anna@example.lv", "first_name": "Anna", "last_name": "Berzina", "organisation": "LNB"}
    for entered in (first, first | values):
        operations.register(build_registration(event, **entered))
        delivery.send_due()
    return get_bodies(parse_received(mail.outbox[-1]))


def test_what_was_entered_again_is_told_and_where_to_change_it():
    event = make_event()
    plain, html = register_again(
        event, last_name="Bērziņa", organisation="Latvijas LNB", country="LV", sector="library"
    )
    assert mail.outbox[-1].subject == "You are already registered: Conference"
    told = plain[plain.index("What was entered this time") :].split("\n\n")[:2]
    assert told[1] == "- Last name: Bērziņa\n- Organisation\n- Country: Latvia\n- Sector: libraries"
    assert "Latvijas LNB" not in plain + html
    assert "This is about the registration of Anna Berzina." in plain
    assert "change your registration at your personal link" in plain
    assert OutgoingEmail.objects.get(kind=Kind.ALREADY_REGISTERED).entered is None


@pytest.mark.parametrize("typed", [*HOSTILE_INPUTS, SPAM])
def test_nothing_that_somebody_entered_again_becomes_a_message_to_a_stranger(typed):
    names = {"first_name": f"Anna ({typed})", "last_name": "Berzina"}
    event = make_event()
    make_registration(event, email="anna@example.lv", **names)
    operations.register(
        build_registration(event, email="anna@example.lv", **names, organisation=typed, job_title=typed)
    )
    stored = OutgoingEmail.objects.get().entered
    assert stored == {"organisation": "", "job_title": ""}
    plain, html = get_bodies(send_and_get_last())
    assert "evil" not in plain + html
    assert "URGENT" not in plain + html


def test_who_has_not_confirmed_yet_gets_the_link_again_with_what_was_entered():
    plain, _html = register_again(make_event(confirm_email=True), job_title="Director", last_name="Bērziņa")
    assert mail.outbox[-1].subject.startswith("Please confirm your place by")
    assert "- Last name: Bērziņa\n- Job title\n" in plain


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "This is about the registration of Ilze Otrā."), ("lv", "Šis e-pasts ir par reģistrāciju: Ilze Otrā.")],
)
@pytest.mark.parametrize("kind", [kind for kind, _label in PARAGRAPH_KINDS])
def test_each_message_says_whose_registration_it_is_about(kind, language, expected):
    queue_email(kind, language=language, first_name="Ilze", last_name="Otrā")
    plain, html = get_bodies(send_and_get_last())
    assert expected in plain
    assert expected in html


def test_a_name_is_greeted_and_shown():
    queue_email(Kind.REGISTERED, first_name="Anna-Marija", last_name="van der Berg")
    plain, _html = get_bodies(send_and_get_last())
    assert "Hello Anna-Marija," in plain
    assert "van der Berg" in plain
