"""The check-in page: a shell without anybody's data, which a phone keeps, and the script that keeps it."""

import hashlib
from functools import lru_cache
from pathlib import Path

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from attendance.verdict_screens import VERDICT_SCREENS
from attendance.views.door_access import can_check_in, find_own_door
from conference.models import Event

FOLDER = settings.BASE_DIR / "static"
WORKER = FOLDER / "door" / "worker.js"
# What the page needs beside its own scripts when there is no network.
LOOKS = (
    "vendor/bootstrap-5.3.9/bootstrap.min.css",
    "css/site.css",
    "css/door.css",
    "vendor/literata-5.3.0/literata-latin.woff2",
    "vendor/literata-5.3.0/literata-latin-ext.woff2",
)
DECODER = ("vendor/qr-0.7.0/decode.js", "vendor/qr-0.7.0/index.js")


@require_safe
@never_cache
@csp_update({"worker-src": [SELF]})
def show_door(request, slug: str) -> HttpResponse:
    """Return the page of a published event, the same for everybody: only paired phones get a list to check."""
    event = get_object_or_404(Event.objects.published(), slug=slug)
    response = render(request, "attendance/door.html", {"event": event, "screens": VERDICT_SCREENS})
    response.allowed_features = ("camera", "screen-wake-lock")
    return response


@require_safe
@never_cache
def door_start(request) -> HttpResponse:
    """Lead to the door of the event for which this phone is paired, or of those that the user may check in at."""
    return render(request, "attendance/door_start.html", {"events": list_doors(request)})


def list_doors(request) -> list[Event]:
    if can_check_in(request):
        return list(Event.objects.visible_to(request.user).published().order_by("starts_at"))
    event = find_own_door(request)
    return [event] if event else []


@require_safe
@never_cache
@csp({"default-src": [NONE], "connect-src": [SELF]})
def door_worker(request) -> HttpResponse:
    """Return the service worker, which is new whenever a file that it keeps is."""
    return HttpResponse(build_worker(), content_type="text/javascript")


def build_worker() -> str:
    names = list_files()
    version = hash_files(names) if settings.DEBUG else remember_hash(names)
    paths = ", ".join(f'"{path}"' for path in (reverse("attendance:decoder"), *map(static, names)))
    return f'const VERSION = "{version}";\nconst FILES = [{paths}];\n\n{WORKER.read_text(encoding="utf-8")}'


def list_files() -> tuple[str, ...]:
    scripts = [path for path in (FOLDER / "door").glob("*.js") if path != WORKER]
    return (*LOOKS, *DECODER, *sorted(str(path.relative_to(FOLDER)) for path in scripts))


def hash_files(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in [*map(FOLDER.joinpath, names), Path(settings.BASE_DIR, "templates", "attendance", "door.html")]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


remember_hash = lru_cache(maxsize=1)(hash_files)
