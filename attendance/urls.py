from django.urls import path

from attendance.views.pairing import pair_phone
from attendance.views.sync import sync

app_name = "attendance"

urlpatterns = [
    path("door/pair/<str:code>/", pair_phone, name="pair"),
    path("door/<slug:slug>/sync/", sync, name="sync"),
]
