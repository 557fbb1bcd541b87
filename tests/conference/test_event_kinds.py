"""An event of another kind than the first conference reads as what it is, on every page and in every e-mail."""

import json
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from conference.models import Event, EventKind, Venue
from conference.models.event_kind import SENTENCES
from registrations.mail.content import make_example, render_email, render_examples
from tests.factories import make_event, make_form_data, make_registration
from tests.reading import read

pytestmark = pytest.mark.django_db

# What was said of the first conference, and of no other event unless its organisers say so.
FIRST = re.compile(r"conference|konferenc|free of charge|bez maksas|bibliot|librar|lifelong|mūžizgl", re.IGNORECASE)
NOT_ASKED = dict.fromkeys((f"asks_{name}" for name in Event.ASKED_FIELDS), "no")
ASKED = re.compile(r"organisation|organizācij|job title|amats|country|valsts|sector|nozare|topic|temat", re.IGNORECASE)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def make_summer_school(**values) -> Event:
    """Another organiser's event, with a fee of its own and nothing asked but the name and the address."""
    venue = Venue.objects.create(
        name={"lv": "Brīvdabas muzejs", "en": "Open-Air Museum"}, city="Rīga", street="Bonaventuras iela 10"
    )
    names = {"lv": "Amatu nedēļa", "en": "A week of crafts"}
    fee = {"lv": "40 eiro, studentiem 20", "en": "40 euros, students 20"}
    event = make_event(**{"title": names, "venue": venue, "kind": "summer_school", "fee": fee, **NOT_ASKED, **values})
    event.sectors.all().delete()
    return event


def read_words(html: str) -> str:
    return " ".join(one.text for one in read(html))


@pytest.mark.parametrize("kind", EventKind)
def test_each_kind_has_its_sentences_in_every_language(kind):
    written = {}
    for language in LANGUAGES:
        with translation.override(language):
            written[language] = [str(sentence) for sentence in SENTENCES[kind]]
            others = [str(sentence) for other in EventKind if other != kind for sentence in SENTENCES[other]]
            assert set(written[language]).isdisjoint(others)
            assert written[language][-1].count("{privacy_notice}") == 1
    assert set(written["lv"]).isdisjoint(written["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_and_emails_of_another_kind_say_nothing_of_the_first_conference(client, language):
    event = make_summer_school()
    over = make_summer_school(starts_at=event.starts_at.replace(year=2020), ends_at=event.ends_at.replace(year=2020))
    person, guest = make_registration(event, language=language), make_registration(over, language=language)
    with translation.override(language):
        addresses = [
            *(reverse(f"registrations:{name}", args=[event.slug]) for name in ("register", "embed")),
            *(one.get_absolute_url() for one in (event, over)),
            *(reverse(f"registrations:{name}", args=[person.manage_token]) for name in ("show", "edit", "cancel")),
            reverse("registrations:show", args=[guest.manage_token]),
            *(reverse("conference:home"), reverse("registrations:find")),
        ]
        texts = [read_words(client.get(address).content.decode()) for address in addresses]
        client.post(addresses[0], make_form_data(event))
        texts.append(read_words(client.get(reverse("registrations:thanks", args=[event.slug])).content.decode()))
        texts += [f"{email.subject} {email.text}" for _kind, emails in render_examples(event) for email in emails]
    assert [found.group() for text in texts for found in FIRST.finditer(text)] == []
    assert [found.group() for text in texts for found in ASKED.finditer(text.replace("asks", ""))] == []


@pytest.mark.parametrize(
    ("kind", "language", "about", "over"),
    [
        ("summer_school", "lv", "Par vasaras skolu", "Vasaras skola ir beigusies."),
        ("summer_school", "en", "About the summer school", "The summer school is over."),
        ("seminar", "lv", "Par semināru", "Seminārs ir beidzies."),
        ("conference", "lv", "Par konferenci", "Konference ir beigusies."),
        ("event", "en", "About the event", "The event is over."),
    ],
)
def test_the_word_for_an_event_stands_in_the_right_form(client, kind, language, about, over):
    event = make_event(kind=kind, description="Ko darīsim")
    assert about in read_words(client.get(f"/{language}/{event.slug}/").content.decode())
    past = {name: getattr(event, name).replace(year=2020) for name in ("starts_at", "ends_at")}
    event = make_event(kind=kind, **past)
    assert over in read_words(client.get(f"/{language}/{event.slug}/").content.decode())


def test_a_reminder_and_the_link_to_the_page_name_a_lecture():
    event = make_event(kind="lecture")
    reminders = [render_email(make_example(event, "reminder", language)) for language in ("lv", "en")]
    assert [email.text.split("\n\n")[2] for email in reminders] == [
        "Lekcija tuvojas, un vieta Jums ir rezervēta. Priecāsimies Jūs satikt!",
        "The lecture is coming up, and you have a place. We look forward to seeing you.",
    ]
    page = f"/{event.slug}/"
    assert [re.findall(rf"^(.*): \S+{page}$", email.text, re.MULTILINE) for email in reminders] == [
        ["Par lekciju"],
        ["About the lecture"],
    ]


@pytest.mark.parametrize(
    ("fee", "shown", "is_free", "described"),
    [
        (None, "Free of charge", True, "National Library of Latvia. Free of charge."),
        ({"lv": "20 €", "en": "€20"}, "€20", None, "National Library of Latvia. €20."),
        ("", None, None, "National Library of Latvia."),
    ],
)
def test_the_fee_is_shown_in_words_and_search_engines_are_told_of_none_but_the_usual(
    client, fee, shown, is_free, described
):
    event = make_event(**{} if fee is None else {"fee": fee})
    page = client.get(f"/en/{event.slug}/").content.decode()
    assert re.findall(r"</svg>\s*Fee</dt>\s*<dd>(.*?)</dd>", page) == ([shown] if shown else [])
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert data.get("isAccessibleForFree") == is_free
    assert ("price" in data["offers"]) == bool(is_free)
    form = client.get(f"/en/{event.slug}/register/").content.decode()
    (description,) = re.findall(r'<meta name="description" content="(.*?)">', form)
    assert description.endswith(described)
    frame = read_words(client.get(f"/en/{event.slug}/embed/").content.decode())
    assert (f"{described} About the conference (opens in a new tab)") in frame
