from django.urls import path

from registrations.views import embed, find, personal, register

app_name = "registrations"

urlpatterns = [
    # E-mail me my link
    path("find/", find.find, name="find"),
    path("find/sent/", find.find_done, name="find-sent"),
    # My registration
    path("r/erased/", personal.erase_done, name="erased"),
    path("r/<str:signed>/", personal.show, name="show"),
    path("r/<str:signed>/edit/", personal.edit, name="edit"),
    path("r/<str:signed>/confirm/", personal.confirm, name="confirm"),
    path("r/<str:signed>/cancel/", personal.cancel, name="cancel"),
    path("r/<str:signed>/rejoin/", personal.rejoin, name="rejoin"),
    path("r/<str:signed>/new-address/", personal.new_address, name="new-address"),
    path("r/<str:signed>/calendar.ics", personal.calendar, name="calendar"),
    path("r/<str:signed>/data.json", personal.data, name="data"),
    path("r/<str:signed>/erase/", personal.erase, name="erase"),
    # Registering
    path("<slug:slug>/register/", register.register, name="register"),
    path("<slug:slug>/registered/", register.thanks, name="registered"),
    # Registering in a frame on a partner's page
    path("<slug:slug>/embed/", embed.embed, name="embed"),
]
