"""No public page says a word in English to a Latvian reader, in whatever state it is, nor through a script."""

import pytest

from tests.browser.test_markup import forget_everything
from tests.catalogue import english_words_on
from tests.pages import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

# Names that are the same in every language: the project's, its partner's, and of the page for both languages its title.
NAMES = {"xl", "baltic", "bright"}
IN_BOTH_LANGUAGES = {"error_500": {"error"}}


def test_no_page_says_a_word_in_english(visit):
    found = {}
    for name in PAGES:
        forget_everything()
        page = visit(name, "lv")
        if english := english_words_on(page.content()) - NAMES - IN_BOTH_LANGUAGES.get(name, set()):
            found[name] = english
        page.context.close()
    assert found == {}
