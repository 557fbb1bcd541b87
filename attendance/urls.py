"""Addresses of the door, which have no language of their own: helpers' phones say theirs."""

from django.urls import path

from attendance.views.decoder_script import show_decoder
from attendance.views.door_badge import door_badge
from attendance.views.door_page import door_start, door_worker, show_door
from attendance.views.pairing import pair_phone
from attendance.views.plain_door import plain_check_in, plain_door, plain_walk_in
from attendance.views.sync import sync
from attendance.views.ticket_page import show_ticket_page

app_name = "attendance"

urlpatterns = [
    # As in the QR code, and as people type it
    path("D/<path:code>", show_ticket_page, name="ticket"),
    path("d/<path:code>", show_ticket_page),
    path("door/", door_start, name="door_start"),
    path("door/decoder.js", show_decoder, name="decoder"),
    path("door/worker.js", door_worker, name="door_worker"),
    path("door/<slug:slug>/", show_door, name="door"),
    path("door/<slug:slug>/plain/", plain_door, name="plain_door"),
    path("door/<slug:slug>/plain/check-in/", plain_check_in, name="plain_check_in"),
    path("door/<slug:slug>/plain/walk-in/", plain_walk_in, name="plain_walk_in"),
    path("door/<slug:slug>/sync/", sync, name="sync"),
    path("door/<slug:slug>/badge/<uuid:check_in>/", door_badge, name="badge"),
    # Below the others, for an event may have the address “pair”, and no code is one of their words.
    path("door/pair/<str:code>/", pair_phone, name="pair"),
]
