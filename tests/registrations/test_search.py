import pytest

from registrations.models import Registration
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    [
        "berzins",
        "Bērziņš",
        "BĒRZIŅŠ",
        "be\u0304rzin\u0327s\u030c",
        "rzi",
        "janis berzins",
        "berzins janis",
        "Lodz",
        "janis@example",
        "JANIS@EXAMPLE.LV",
        "K7M2PXQ4",
        "k7m2",
    ],
)
def test_a_person_is_found_by_any_part_however_it_is_typed(typed):
    event = make_event()
    janis = make_registration(
        event,
        first_name="Jānis",
        last_name="Bērziņš",
        organisation="Biblioteka w Łodzi, Łódź",
        email="janis@example.lv",
        reference="K7M2PXQ4",
    )
    make_registration(event, first_name="Anna", last_name="Kalniņa", email="anna@example.lv")
    assert list(Registration.objects.search(typed)) == [janis]


@pytest.mark.parametrize(
    "typed", ["anna@bibliotēka.lv", "@BIBLIOTĒKA.lv", "anna@xn--bibliotka-hhb.lv", "@bibliotēka.lv anna"]
)
def test_an_address_is_found_by_the_letters_of_its_domain(typed):
    anna = make_registration(make_event(), first_name="Anna", email="anna@xn--bibliotka-hhb.lv")
    make_registration(anna.event, email="anna@biblioteka.lv")
    assert list(Registration.objects.search(typed)) == [anna]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "berzins kalnins", "janisberzins", "'", '"'])
def test_special_characters_of_the_query_language_have_no_meaning(typed):
    make_registration(make_event(), first_name="Jānis", last_name="Bērziņš")
    assert list(Registration.objects.search(typed)) == []


def test_other_alphabets_are_found_without_regard_to_case():
    maria = make_registration(make_event(), first_name="Мария", last_name="Жукова")
    assert list(Registration.objects.search("жукова")) == [maria]
    assert list(Registration.objects.search("ЖУКОВА")) == [maria]


@pytest.mark.parametrize("typed", ["a " * 2000, " ".join(map(str, range(1000))), "x" * 4096, "a,b;" * 1000])
def test_a_long_search_asks_for_ten_words_at_most(typed, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        list(Registration.objects.search(typed, with_email=False))
    [query] = asked.captured_queries
    assert query["sql"].count("LIKE") <= 20
    assert len(query["sql"]) < 20_000
