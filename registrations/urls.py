from django.urls import path, register_converter
from django.urls.converters import StringConverter

from registrations.views import find, personal, personal_links, register


class TokenConverter(StringConverter):
    """The secret part of a personal link, with nothing before or behind it."""

    regex = r"[0-9A-Z]+\.[0-9A-Za-z_-]+"


class RestConverter(StringConverter):
    """All the rest of an address, with slashes and line breaks."""

    regex = r"[\s\S]+"


register_converter(TokenConverter, "token")
register_converter(RestConverter, "rest")

app_name = "registrations"

urlpatterns = [
    # E-mail me my link
    path("find/", find.find, name="find"),
    path("find/sent/", find.find_done, name="find-done"),
    # My registration
    path("r/erased/", personal.erase_done, name="erase-done"),
    path("r/new-link/", personal_links.new_link_sent, name="new-link-sent"),
    path("r/<token:signed>/", personal.show, name="show"),
    path("r/<token:signed>/edit/", personal.edit, name="edit"),
    path("r/<token:signed>/confirm/", personal.confirm, name="confirm"),
    path("r/<token:signed>/cancel/", personal.cancel, name="cancel"),
    path("r/<token:signed>/rejoin/", personal.rejoin, name="rejoin"),
    path("r/<token:signed>/new-address/", personal_links.new_address, name="new-address"),
    path("r/<token:signed>/new-link/", personal_links.new_link, name="new-link"),
    path("r/<token:signed>/calendar.ics", personal.calendar, name="calendar"),
    path("r/<token:signed>/ticket.pdf", personal.ticket, name="ticket"),
    path("r/<token:signed>/data.json", personal.data, name="data"),
    path("r/<token:signed>/erase/", personal.erase, name="erase"),
    path("r/<rest:mangled>", personal_links.mend, name="mend"),
    # Registering
    path("<slug:slug>/register/", register.register, name="register"),
    path("<slug:slug>/registered/", register.thanks, name="thanks"),
    # Registering in a frame of a partner's page
    path("<slug:slug>/embed/", register.embed, name="embed"),
]
