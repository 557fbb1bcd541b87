"""What finds the English words on a page."""

import pytest

from tests.catalogue import english_words, english_words_on
from tests.factories import make_event
from tests.latvian import ask_in_latvian

pytestmark = pytest.mark.django_db


def test_an_english_word_would_be_found():
    html = '<html lang="lv"><title>Register</title><p>Reģistrēties</p><img alt="Where"><p title="Topics"></p>{}</html>'
    assert english_words_on(html) == {"register", "where", "topics"}
    assert english_words_on(html.format('<a lang="en">Language</a><p lang="lv">Questions?</p>')) == {
        *("register", "where", "topics", "questions"),
    }
    assert english_words("Jūs esat registered, www.example.org, anna@registered.lv, https://conference.lv/") == {
        "registered"
    }


def test_an_english_page_is_full_of_them(client):
    event = make_event()
    ask_in_latvian(event)
    found = english_words_on(client.get(f"/en/{event.slug}/register/").content.decode().replace('lang="en"', ""))
    assert {"registration", "first", "name", "required", "organisation", "topics", "country"} - found == {"topics"}
    assert len(found) > 30
