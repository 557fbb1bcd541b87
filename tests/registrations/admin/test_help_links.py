"""The guide in the admin, and the link to it on each page."""

import re

import pytest
from django.urls import get_resolver, reverse

from conference.text.guide import read_guide
from registrations.admin.guide_anchors import GUIDE_ANCHORS, find_guide_anchor
from registrations.admin.menu import SECTIONS, SHARED_PAGES, SITE_PAGES
from tests.catalogue import english_words_on
from tests.factories import make_event, make_user


@pytest.mark.parametrize("language", ["lv", "en"])
def test_each_page_of_the_menu_has_a_paragraph_in_the_guide(language):
    headings = set(re.findall('<h3 id="([^"]+)"', read_guide(language).html))
    pages = [page for section in SECTIONS.values() for page in section.pages] + SHARED_PAGES + SITE_PAGES
    anchors = {page.name: find_guide_anchor(page.name) for page in pages if page.name != "guide"}
    assert [item for item in (anchors | GUIDE_ANCHORS).items() if item[1] not in headings] == []


def test_the_names_are_of_pages():
    names = {name for name in get_resolver().namespace_dict["admin"][1].reverse_dict if isinstance(name, str)}
    assert {name.partition(":")[0] for name in GUIDE_ANCHORS} - names == set()


def test_pages_below_one_of_the_menu_have_its_paragraph():
    assert find_guide_anchor("registrations_registration_merge") == "duplicates"
    assert find_guide_anchor("no_page") == ""


@pytest.mark.django_db
def test_a_page_links_to_its_paragraph(organiser):
    event = make_event()
    content = organiser.get(reverse("admin:registrations_registration_import"), {"event": event.pk}).content.decode()
    assert f'href="{reverse("admin:guide")}#import"' in content
    content = organiser.get(reverse("admin:password_change"), follow=True).content.decode()
    assert f'href="{reverse("admin:guide")}#' not in content


@pytest.mark.django_db
def test_the_guide_is_for_everybody_with_an_account(client):
    assert client.get(reverse("admin:guide")).status_code == 302
    client.force_login(make_user())
    for language, title in (("lv", "Rokasgrāmata organizatoriem"), ("en", "Guide for organisers")):
        content = client.get(reverse("admin:guide"), headers={"accept-language": language}).content.decode()
        assert f"<h1>{title}</h1>" in content
        assert 'href="#am-i-registered"' in content
        assert '<h3 id="am-i-registered">' in content
        if language == "lv":
            assert english_words_on(content) - {"admin", "word"} == set()  # an address and a program


@pytest.mark.django_db
def test_the_guide_is_printed_in_either_language(organiser):
    content = organiser.get(reverse("admin:guide_print"), {"language": "lv"}).content.decode()
    assert '<html lang="lv">' in content
    assert "<h1>Rokasgrāmata organizatoriem</h1>" in content
    content = organiser.get(
        reverse("admin:guide_print"), {"language": "xx"}, headers={"accept-language": "en"}
    ).content.decode()
    assert '<html lang="en">' in content
