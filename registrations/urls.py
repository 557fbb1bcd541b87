from django.urls import path

from registrations import views

app_name = "registrations"

urlpatterns = [
    path("r/<str:signed>/", views.show, name="show"),
    path("r/<str:signed>/calendar.ics", views.calendar, name="calendar"),
    path("<slug:slug>/register/", views.register, name="register"),
    path("<slug:slug>/registered/", views.registered, name="registered"),
]
