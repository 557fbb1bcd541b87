from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from conference.models import AccessibilityStatement
from tests.conference.pages import get_page
from tests.factories import make_event, make_statement

pytestmark = pytest.mark.django_db


def test_the_accessibility_statement_has_every_part_that_the_law_asks_for(client):
    with time_machine.travel("2026-11-23T12:00:00+02:00", tick=False):
        call_command("load_conference", verbosity=0)
        AccessibilityStatement.objects.update(feedback_phone="67 806 100")
        english, latvian = get_page(client, "/en/accessibility/"), get_page(client, "/lv/accessibility/")
    expected = [
        "<h1>Accessibility statement</h1>",
        "The National Library of Latvia is committed to making its website accessible",
        "Cabinet Regulation No. 445 of 14 July 2020</a>",
        "Directive (EU) 2016/2102</a>",
        "<h2>Compliance status</h2>",
        "<strong>partially compliant</strong>",
        "EN 301 549",
        "WCAG 2.2",
        "<h2>Non-accessible content</h2>",
        "<strong>Non-compliance with the requirements.</strong>",
        "<h2>Preparation of this statement</h2>",
        "<dd>23 November 2026</dd>",
        "a self-assessment by the owner of the site",
        "<h2>Feedback and contact</h2>",
        '<a href="mailto:konference@example.org">',
        "67 806 100",
        "<h2>Enforcement procedure</h2>",
        '<a href="mailto:pasts@tiesibsargs.lv">',
    ]
    assert [text for text in expected if text not in english] == []
    expected = [
        "<h1>Piekļūstamības paziņojums</h1>",
        "Latvijas Nacionālā bibliotēka apņemas savu tīmekļvietni veidot piekļūstamu",
        "Ministru kabineta 2020. gada 14. jūlija noteikumiem Nr. 445</a>",
        "„Kārtība, kādā iestādes ievieto informāciju internetā”",
        "Direktīva (ES) 2016/2102</a>",
        "<h2>Atbilstības statuss</h2>",
        "<strong>daļēji atbilst</strong>",
        "<h2>Nepiekļūstamais saturs</h2>",
        "<h2>Ziņas par paziņojuma sagatavošanu</h2>",
        "<dd>2026. gada 23. novembris</dd>",
        "tīmekļvietnes īpašnieka pašnovērtējums",
        "<h2>Atsauksmēm un saziņai</h2>",
        "<h2>Izpildes nodrošināšanas procedūra un sūdzību iesniegšanas kārtība</h2>",
        "Latvijas Republikas Tiesībsargam",
    ]
    assert [text for text in expected if text not in latvian] == []


@pytest.mark.parametrize(
    ("values", "expected", "lists_what_is_not"),
    [
        ({"status": "full", "not_accessible": ""}, "<strong>fully compliant</strong>", False),
        ({"status": "full"}, "<strong>fully compliant</strong>", True),
        ({"status": "none"}, "<strong>not compliant</strong>", True),
        ({"method": "third_party"}, "an assessment by a third party", True),
    ],
)
def test_the_statement_says_what_organisers_found(client, values, expected, lists_what_is_not):
    make_statement(**values)
    content = get_page(client, "/en/accessibility/")
    assert expected in content
    assert ("<h2>Non-accessible content</h2>" in content) is lists_what_is_not
    assert ("Old <strong>PDF</strong> files" in content) is lists_what_is_not
    assert "Telephone" not in content


def test_a_site_without_a_statement_says_so_and_whom_to_write_to(client):
    assert "has no accessibility statement yet" in get_page(client, "/en/accessibility/")
    assert "mailto:" not in get_page(client, "/en/accessibility/")
    with time_machine.travel(timezone.now() + timedelta(seconds=2)):
        make_event(contact_email="draft@lnb.lv", is_published=False)
        make_event(contact_email="past@lnb.lv", starts_at=timezone.now() - timedelta(days=9))
        make_event(contact_email="next@lnb.lv")
        content = get_page(client, "/en/accessibility/")
    assert '<a href="mailto:next@lnb.lv">' in content
    assert "past@" not in content
    assert "draft@" not in content


def test_the_statement_costs_two_queries_or_none(client, django_assert_num_queries):
    make_statement()
    make_event()
    with django_assert_num_queries(2):
        get_page(client, "/en/accessibility/")
    with django_assert_num_queries(0):
        get_page(client, "/en/accessibility/")


@pytest.mark.parametrize(
    "path", ["", "{slug}/", "{slug}/privacy/", "{slug}/register/", "find/", "find/sent/", "r/erased/", "nowhere/"]
)
def test_every_page_links_to_the_statement(client, path):
    event = make_event()
    content = client.get(f"/lv/{path.format(slug=event.slug)}").content.decode()
    assert content.count('href="/lv/accessibility/"') == 1
