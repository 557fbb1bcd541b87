"""The event's page in the admin, with what concerns the people who sign up."""

from django.contrib import admin, messages
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.admin import INLINE_TEXT, EventAdmin
from conference.models import Event
from registrations import operations
from registrations.admin.careful import Careful
from registrations.models import Question, Registration


class QuestionInline(admin.StackedInline):
    model = Question
    extra = 0
    formfield_overrides = INLINE_TEXT


@admin.register(Event)
class EventWithRegistrationsAdmin(Careful, EventAdmin):
    """The event's page with its questions; saving it gives places that a larger capacity frees to those who wait."""

    allowed_lookups = {"is_published__exact"}
    list_display = [*EventAdmin.list_display, "taken", "waiting"]
    inlines = [*EventAdmin.inlines, QuestionInline]

    def get_queryset(self, request):
        status = Registration.Status
        return (
            super()
            .get_queryset(request)
            .annotate(
                taken=Count("registrations", filter=Q(registrations__status=status.CONFIRMED)),
                waiting=Count("registrations", filter=Q(registrations__status=status.WAITLISTED)),
            )
        )

    @admin.display(description=_("places taken"), ordering="taken")
    def taken(self, event):
        return event.taken

    @admin.display(description=_("waiting"), ordering="waiting")
    def waiting(self, event):
        return event.waiting

    def save_model(self, request, event, form, change):
        super().save_model(request, event, form, change)
        tell_promoted(request, len(operations.promote(event)))


def tell_promoted(request, number: int) -> None:
    """Say how many people just got a place from the waiting list, if any did."""
    if number:
        text = ngettext(
            "%d person got a place from the waiting list.", "%d people got places from the waiting list.", number
        )
        messages.info(request, text % number)
