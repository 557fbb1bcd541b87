"""Headers that every response has, and what no response may lack."""

import pytest
from django.conf import settings
from django.http import HttpResponse

from config.middleware.response_headers import ResponseHeadersMiddleware
from tests.factories import make_event, make_picture, make_registration, make_user

NO_FEATURES = ", ".join(f"{name}=()" for name in settings.DENIED_FEATURES)


@pytest.fixture
def paths(db):
    """Addresses of every kind: pages, forms, files, redirects and errors."""
    event = make_event(slug="libraries")
    personal = make_registration(event).manage_path
    return [
        *(
            "/",
            "/en/",
            "/en/libraries/",
            "/en/libraries/register/",
            "/en/libraries/embed/",
            "/en/libraries/registered/",
        ),
        *("/en/libraries/calendar.ics", "/en/libraries/picture.png", "/en/accessibility/", "/en/find/", personal),
        *("/en/nothing/", "/en/r/nothing/", "/en/?q=%00", "/robots.txt", "/sitemap.xml", "/.well-known/security.txt"),
        *("/healthz/", "/admin/", "/admin/login/", make_picture().get_absolute_url()),
    ]


COOKIES = ["", "csrftoken=abc", "csrftoken=", "sessionid=x", f"sessionid={'x' * 32}", "messages=x", "x"]


@pytest.mark.parametrize("cookie", COOKIES)
def test_every_response_denies_features_and_none_with_a_cookie_is_kept(client, paths, cookie):
    for path in paths:
        response = client.get(path, headers={"Cookie": cookie, "Accept-Language": "en"})
        client.cookies.clear()
        assert response["Permissions-Policy"] == NO_FEATURES, path
        assert response["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin"), path
        assert response["X-Content-Type-Options"] == "nosniff", path
        assert response["Referrer-Policy"] == "same-origin", path
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", path
        policy = response.get("Content-Security-Policy", "")
        assert "report" not in policy, path
        assert "://" not in policy, path
        kept = {"private", "no-store"} & set(response.get("Cache-Control", "").split(", "))
        assert not response.cookies or kept, path


def test_only_pictures_can_be_shown_by_other_sites(client, paths):
    shared = [path for path in paths if client.get(path)["Cross-Origin-Resource-Policy"] == "cross-origin"]
    assert [path.partition("?")[0].rpartition(".")[2] for path in shared] == ["png", "webp"]
    for path in shared:
        etag = client.get(path)["ETag"]
        again = client.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again["Cross-Origin-Resource-Policy"]) == (304, "cross-origin")


def test_organisers_pages_have_the_headers_too(client, db):
    client.force_login(make_user(is_superuser=True))
    response = client.get("/admin/")
    assert response.status_code == 200
    assert response["Permissions-Policy"] == NO_FEATURES
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_view_can_allow_its_page_one_feature(rf):
    response = HttpResponse()
    response.allowed_features = ["camera"]
    policy = ResponseHeadersMiddleware(lambda _request: response)(rf.get("/"))["Permissions-Policy"].split(", ")
    assert "camera=(self)" in policy
    assert "camera=()" not in policy
    assert len(policy) == len(settings.DENIED_FEATURES)
    assert sum("self" in one for one in policy) == 1
