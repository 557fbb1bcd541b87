"""The site map."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from conference.views import picture
from config import errors
from registrations.views.health import healthz

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz/", healthz),
    path("pictures/<slug:digest>.webp", picture, name="picture"),
    *i18n_patterns(
        path("", include("registrations.urls")),
        path("", include("conference.urls")),
    ),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
