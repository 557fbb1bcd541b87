import pytest

from conference.text.search_words import get_search_words, is_search_shortened


@pytest.mark.parametrize(
    ("text", "words", "is_shortened"),
    [
        ("", [], False),
        ("  Anna   Bērziņa ", ["Anna", "Bērziņa"], False),
        ("anna Anna ANNA ieva", ["anna", "ieva"], False),
        ("Anna@Bibliotēka.lv @straße.de a@", ["Anna@xn--bibliotka-hhb.lv", "@xn--strae-oqa.de", "a@"], False),
        ("a b c d e f g h i j", list("abcdefghij"), False),
        ("a b c d e f g h i j k", list("abcdefghij"), True),
        ("x" * 200, ["x" * 200], False),
        ("x" * 201, ["x" * 200], True),
        ("a " * 2000, ["a"], True),
    ],
)
def test_a_search_has_at_most_ten_different_words_of_two_hundred_letters(text, words, is_shortened):
    assert get_search_words(text) == words
    assert is_search_shortened(text) is is_shortened
