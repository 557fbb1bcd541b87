"""What the decorator of public pages declares, and what the middleware makes of it, apart from the site."""

import pytest
from django.core.cache import cache
from django.http import Http404, HttpResponse
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


def test_a_view_says_how_long_other_caches_keep_its_page():
    def view(request):
        return HttpResponse(b"form", headers={"Cache-Control": "private, no-cache"})

    for _visit in range(2):
        assert make_site(view)(RequestFactory().get("/en/one/"))["Cache-Control"] == "private, no-cache"
    assert cache.get("page:/en/one/")


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
