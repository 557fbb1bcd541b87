import pytest

from registrations.email_typos import count_typos, filter_typos, is_domain_typo, suggest_email
from registrations.models import Registration
from tests.factories import make_event, make_registration

SLIPS = """gmial.com gmai.com gmail.co gmail.con gmal.com gamil.com gnail.com inbox.l inbx.lv inobx.lv
           apolo.lv appollo.lv outlok.com outloook.com hotmial.com hotnail.com yaho.com icloud.co lbn.lv example.con
           library.lvv hotmal.con inbox.lb inbox.lc"""
GENUINE = """gmail.com inbox.lv apollo.lv outlook.com hotmail.com yahoo.com
             icloud.com lnb.lv mail.com email.com ymail.com
             yahoo.de outlook.lv inbox.lt inbox.ru hotmail.co.uk live.se lnk.lv lpb.lv rcb.lv biblioteka.lv example.org
             lu.lv mail.lv gmx.de me.com nb.no kb.se lnb.lt valmiera.edu.lv"""


@pytest.mark.parametrize("domain", SLIPS.split())
def test_a_typo_is_found(domain):
    assert is_domain_typo(domain)


@pytest.mark.parametrize("domain", GENUINE.split())
def test_a_correct_domain_is_left_alone(domain):
    assert not is_domain_typo(domain)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("hotmal.con", "hotmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("inbox.lb", "inbox.lv"),
        ("lbn.lv", "lnb.lv"),
        ("library.lvv", "library.lv"),
        ("museum.ogr", "museum.org"),
        ("mail.con", "mail.com"),
        ("yahoo.de", "yahoo.de"),
        ("biblioteka.lv", "biblioteka.lv"),
    ],
)
def test_the_intended_address_is_suggested(typed, meant):
    assert suggest_email(f"Anna@{typed}") == f"Anna@{meant}"


@pytest.mark.parametrize("domain", ["con", "", ".", "x", "ā.lv", "a" * 250])
def test_any_text_is_accepted_as_a_domain(domain):
    assert not is_domain_typo(domain)


@pytest.mark.django_db
def test_people_with_typos_in_their_address_are_found_in_any_case():
    event = make_event()
    slip = make_registration(event, email="anna@GMIAL.com")
    make_registration(event, email="anna@gmail.com")
    make_registration(event, email="gmial.com@example.org")
    assert list(filter_typos(Registration.objects.all())) == [slip]
    assert count_typos(Registration.objects.all()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3, 300])
def test_typos_are_counted_in_one_query(number, django_assert_num_queries):
    event = make_event()
    for person in range(number):
        make_registration(event, email=f"person{person}@gmial.com")
    with django_assert_num_queries(1):
        assert count_typos(Registration.objects.all()) == number
