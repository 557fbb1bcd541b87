"""A page's addresses: in full, and in each language."""

import pytest

from conference.site_urls import absolute_url, translate_path


def test_the_host_comes_from_the_settings(settings):
    settings.SITE_URL = "https://conference.example.org"
    assert absolute_url("/lv/di-xl/") == "https://conference.example.org/lv/di-xl/"


@pytest.mark.parametrize(
    ("path", "english", "without"),
    [
        ("/lv/", "/en/", "/"),
        ("/lv/di-xl/", "/en/di-xl/", "/di-xl/"),
        ("/en/di-xl/register/", "/en/di-xl/register/", "/di-xl/register/"),
        ("/lv/there/is/no/such/page", "/en/there/is/no/such/page", "/there/is/no/such/page"),
        ("/lv/a%3Fb/", "/en/a%3Fb/", "/a%3Fb/"),
        ("/lv//evil.example/", "/en//evil.example/", "//evil.example/"),
        ("/lvov/", "", ""),
        ("/admin/", "", ""),
        ("//evil.example/lv/", "", ""),
        ("/lv", "", ""),
        ("/", "", ""),
    ],
)
def test_only_the_language_in_the_address_is_exchanged(path, english, without):
    assert translate_path(path, "en") == english
    assert translate_path(path, "") == without
