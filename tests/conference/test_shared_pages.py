"""The middleware and the decorator that keep pages for all, by themselves."""

import threading

import pytest
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from conference import caching
from conference.caching import SharedPages, shared_for_a_second


def site(view):
    return SharedPages(shared_for_a_second(view))


def test_the_view_is_asked_for_nobody_in_particular():
    asked = []

    def view(request):
        asked.append((request.COOKIES, dict(request.GET), request.get_full_path()))
        return HttpResponse(b"page")

    site(view)(RequestFactory(headers={"Cookie": "csrftoken=own"}).get("/en/one/?q=own"))
    assert asked == [({}, {}, "/en/one/")]


@pytest.mark.parametrize("by", ["view", "middleware", "token"])
def test_a_response_with_a_cookie_is_never_kept(by):
    def view(request):
        response = HttpResponse(f"page for {len(asked)}")
        asked.append(request)
        if by == "view":
            response.set_cookie("own", "1")
        if by == "token":
            get_token(request)
        return response

    def middleware(request):
        response = shared_for_a_second(view)(request)
        if by == "middleware":
            response.set_cookie("own", "1")
        return response

    asked = []
    for _visit in range(2):
        response = SharedPages(middleware)(RequestFactory().get("/en/one/"))
        assert "public" not in response.get("Cache-Control", "")
    assert len(asked) == (1 if by == "middleware" else 2)
    assert caching.cache.get("response:/en/one/") is None


def test_a_response_that_varies_by_more_is_never_kept():
    def middleware(request):
        response = shared_for_a_second(lambda request: HttpResponse(b"page"))(request)
        response["Vary"] = "Accept-Language"
        return response

    response = SharedPages(middleware)(RequestFactory().get("/en/one/"))
    assert "no-store" in response["Cache-Control"]
    assert caching.cache.get("response:/en/one/") is None


@pytest.mark.parametrize("status", [302, 404, 409, 500])
def test_only_success_is_kept(status):
    response = site(lambda request: HttpResponse(b"no", status=status))(RequestFactory().get("/en/one/"))
    assert response.status_code == status
    assert "Cache-Control" not in response
    assert caching.cache.get("page:/en/one/") is None


def test_an_exception_is_not_kept_and_keeps_nobody_waiting():
    def view(request):
        raise Http404

    for _visit in range(2):
        with pytest.raises(Http404):
            site(view)(RequestFactory().get("/en/one/"))
    assert not caching.rendering.locked()


@pytest.mark.parametrize("path", ["/en/" + "a" * 300 + "/", "/en/a b/", "/en/\x7f/"])
def test_paths_that_no_page_has_are_not_looked_for(path):
    response = site(lambda request: HttpResponse(b"page", status=404))(RequestFactory().get(path))
    assert response.status_code == 404


def test_of_many_who_come_at_once_one_has_the_page_rendered():
    rendered, together = [], threading.Barrier(20)
    slowly = threading.Event()

    def view(request):
        rendered.append(request)
        slowly.wait(0.2)
        return HttpResponse(b"page")

    def visit():
        together.wait()
        seen.append(site(view)(RequestFactory().get("/en/one/")).content)

    seen = []
    visitors = [threading.Thread(target=visit) for _number in range(20)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert seen == [b"page"] * 20
    assert len(rendered) == 1
