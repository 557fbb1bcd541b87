from django.urls import path

from attendance.views.ticket_page import show_ticket_page

app_name = "attendance"

urlpatterns = [
    # As in the QR code, and as people type it
    path("D/<str:code>", show_ticket_page, name="ticket"),
    path("d/<str:code>", show_ticket_page),
]
