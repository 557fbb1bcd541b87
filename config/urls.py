"""The URLs of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.http import require_safe

from conference.sitemaps import EventSitemap, SiteSitemap
from conference.views import picture, robots, security_txt
from config import errors
from registrations.sitemaps import RegistrationFormSitemap
from registrations.views.healthz import healthz

SITEMAPS = {"site": SiteSitemap, "events": EventSitemap, "forms": RegistrationFormSitemap}

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("accounts.urls")),
    path("", include("attendance.urls")),
    path("healthz/", healthz),
    path("robots.txt", robots),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("pictures/<slug:digest>.webp", picture, name="picture"),
    *i18n_patterns(path("", include("registrations.urls")), path("", include("conference.urls"))),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
