"""Forms for visitors, which need no cookie: the browser says from where a form is sent."""

from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt


def same_site_form(view):
    """Declare a page whose form works without cookies, and only if one of the site's own pages sends it.

    Nobody is logged in there, and nothing that a browser keeps gives a right: a personal link stands in the address,
    which no other site knows. So Django's token would protect nothing more, and lose what was typed with its cookie.
    """

    @csrf_exempt
    @wraps(view)
    def checked_view(request, *args, **kwargs):
        if request.method == "POST" and is_cross_site(request):
            return refuse(request)
        return view(request, *args, **kwargs)

    return checked_view


def is_cross_site(request) -> bool:
    """Whether the browser says that a page of another site sent the form; old browsers do not say.

    Sec-Fetch-Site decides where there is one: no page can set it, and for some settings Origin is “null” everywhere.
    """
    if relation := request.headers.get("Sec-Fetch-Site"):
        return relation not in ("same-origin", "none")
    site = urlsplit(settings.SITE_URL)
    own_origins = {f"{site.scheme}://{site.netloc}", f"{request.scheme}://{request.get_host()}"}
    origin = request.headers.get("Origin")
    return origin is not None and origin not in own_origins


def refuse(request):
    explanation = _(
        "For security, the form can be sent only from the page where it was opened. Nothing was saved. "
        "Please open the page again and send it from there."
    )
    context = {"title": _("The form was not sent"), "explanation": explanation}
    return render(request, "error.html", context, status=403)
