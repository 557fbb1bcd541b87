from django.urls import path

from registrations.views import find, personal, personal_links, register

app_name = "registrations"

urlpatterns = [
    # E-mail me my link
    path("find/", find.find, name="find"),
    path("find/sent/", find.find_done, name="find-done"),
    # My registration
    path("r/erased/", personal.erase_done, name="erase-done"),
    path("r/new-link/", personal_links.new_link_sent, name="new-link-sent"),
    path("r/<str:signed>/", personal.show, name="show"),
    path("r/<str:signed>/edit/", personal.edit, name="edit"),
    path("r/<str:signed>/confirm/", personal.confirm, name="confirm"),
    path("r/<str:signed>/cancel/", personal.cancel, name="cancel"),
    path("r/<str:signed>/rejoin/", personal.rejoin, name="rejoin"),
    path("r/<str:signed>/new-address/", personal_links.new_address, name="new-address"),
    path("r/<str:signed>/new-link/", personal_links.new_link, name="new-link"),
    path("r/<str:signed>/calendar.ics", personal.calendar, name="calendar"),
    path("r/<str:signed>/data.json", personal.data, name="data"),
    path("r/<str:signed>/erase/", personal.erase, name="erase"),
    # Registering
    path("<slug:slug>/register/", register.register, name="register"),
    path("<slug:slug>/registered/", register.thanks, name="thanks"),
    # Registering in a frame of a partner's page
    path("<slug:slug>/embed/", register.embed, name="embed"),
]
