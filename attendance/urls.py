"""Addresses of the door, which have no language of their own: helpers' phones say theirs."""

from django.urls import path

from attendance.views.door_page import door_page, door_start, door_worker
from attendance.views.pairing import pair_phone
from attendance.views.sync import sync

app_name = "attendance"

urlpatterns = [
    path("door/", door_start, name="door_start"),
    path("door/worker.js", door_worker, name="door_worker"),
    path("door/pair/<str:code>/", pair_phone, name="pair"),
    path("door/<slug:slug>/", door_page, name="door"),
    path("door/<slug:slug>/sync/", sync, name="sync"),
]
