"""What the decorator of public pages declares, and what the middleware makes of it, apart from the site."""

import pytest
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.middleware.csrf import _does_token_match, get_token
from django.test import RequestFactory

from conference.decorators import public_page
from config.middleware.page_cache import PageCacheMiddleware


def make_site(view):
    return PageCacheMiddleware(public_page(view))


def test_the_view_is_asked_for_nobody_in_particular():
    asked = []

    def view(request):
        asked.append((request.COOKIES, dict(request.GET), request.get_full_path()))
        return HttpResponse(b"page")

    make_site(view)(RequestFactory(headers={"Cookie": "csrftoken=own"}).get("/en/one/?q=own"))
    assert asked == [({}, {}, "/en/one/")]


@pytest.mark.parametrize("by", ["view", "middleware"])
def test_a_response_with_a_cookie_is_never_kept(by):
    def view(request):
        response = HttpResponse(f"page for {len(asked)}")
        asked.append(request)
        if by == "view":
            response.set_cookie("own", "1")
        return response

    def middleware(request):
        response = public_page(view)(request)
        if by == "middleware":
            response.set_cookie("own", "1")
        return response

    asked = []
    for _visit in range(2):
        response = PageCacheMiddleware(middleware)(RequestFactory().get("/en/one/"))
        assert "public" not in response.get("Cache-Control", "")
        assert "max-age=25" not in response.get("Cache-Control", "")
    assert len(asked) == 2
    assert cache.get("page:/en/one/") is None


def test_a_page_with_a_token_is_kept_without_anybodys():
    def view(request):
        return HttpResponse(f'<input name="csrfmiddlewaretoken" value="{get_token(request)}">')

    site, secret = make_site(view), "a" * 32
    visits = [
        site(RequestFactory(headers={"Cookie": f"csrftoken={secret}" if has_cookie else ""}).get("/en/one/"))
        for has_cookie in (True, True, False, False)
    ]
    tokens = [response.content.decode().partition('value="')[2].partition('"')[0] for response in visits]
    assert len(set(tokens)) == 4
    for response, token in zip(visits, tokens, strict=True):
        assert response["Cache-Control"] == "private, no-cache"
        assert _does_token_match(token, response.cookies["csrftoken"].value)
    assert [response.cookies["csrftoken"].value == secret for response in visits] == [True, True, False, False]
    assert visits[2].cookies["csrftoken"].value != visits[3].cookies["csrftoken"].value
    kept = cache.get("page:/en/one/").variants[""][0].decode()
    assert not any(token in kept for token in tokens)
    assert not _does_token_match(kept.partition('value="')[2].partition('"')[0], secret)


def test_a_response_that_varies_by_more_is_never_kept():
    def middleware(request):
        response = public_page(lambda request: HttpResponse(b"page"))(request)
        response["Vary"] = "Accept-Language"
        return response

    response = PageCacheMiddleware(middleware)(RequestFactory().get("/en/one/"))
    assert "no-store" in response["Cache-Control"]
    assert cache.get("page:/en/one/") is None


@pytest.mark.parametrize("status", [302, 404, 409, 500])
def test_only_success_is_kept(status):
    response = make_site(lambda request: HttpResponse(b"no", status=status))(RequestFactory().get("/en/one/"))
    assert response.status_code == status
    assert "Cache-Control" not in response
    assert cache.get("page:/en/one/") is None


def test_an_exception_is_not_kept():
    def view(request):
        raise Http404

    for _visit in range(2):
        with pytest.raises(Http404):
            make_site(view)(RequestFactory().get("/en/one/"))
    assert cache.get("page:/en/one/") is None


@pytest.mark.parametrize("path", ["/en/" + "a" * 300 + "/", "/en/a b/", "/en/\x7f/"])
def test_paths_that_no_page_has_are_not_looked_for(path):
    response = make_site(lambda request: HttpResponse(b"page", status=404))(RequestFactory().get(path))
    assert response.status_code == 404
