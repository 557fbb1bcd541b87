"""What can be done with the people chosen in the list."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registrations import operations
from registrations.admin.events import tell_promoted
from registrations.admin.mailings import writing_address
from registrations.models import OutgoingEmail


class Actions:
    """For the ModelAdmin of registrations: the list's actions."""

    actions = [
        "confirm",
        "promote_out_of_turn",
        "promote_beyond_capacity",
        "move_to_waiting_list",
        "cancel",
        "send_link_again",
        "send_email",
    ]

    def has_send_permission(self, request):
        return request.user.has_perm("registrations.add_mailing")

    def act(self, request, queryset, operation, done: str) -> None:
        """Do `operation` with each chosen registration, and say what was done and what could not be.

        `done` is the sentence for those done, with its number under %(number)d.
        """
        acted_on, start = [], timezone.now()
        label = getattr(self, operation.__name__).short_description
        for registration in queryset.order_by("created_at", "pk"):
            person = f"{registration.full_name} ({registration.reference})"
            try:
                acted = operation(registration)
            except operations.Refused as refusal:
                messages.warning(request, f"{person}: {refusal}")
                continue
            status = registration.get_status_display()
            if acted:
                acted_on.append(registration.pk)
                self.log_change(request, registration, f"{label}: {status}")
            else:
                text = gettext("%(person)s: nothing to change, the status is “%(status)s” already.")
                messages.info(request, text % {"person": person, "status": status})
        if acted_on:
            messages.success(request, done % {"number": len(acted_on)})
        promoted = OutgoingEmail.objects.filter(kind=OutgoingEmail.Kind.PROMOTED, created_at__gte=start)
        tell_promoted(request, promoted.exclude(registration__in=acted_on).count())

    @admin.action(description=_("Confirm: give a place"), permissions=["change"])
    def confirm(self, request, queryset):
        self.act(request, queryset, operations.confirm, gettext("Confirmed: %(number)d."))

    @admin.action(description=_("Give a free place out of turn"), permissions=["change"])
    def promote_out_of_turn(self, request, queryset):
        done = gettext("Promoted out of turn: %(number)d.")
        self.act(request, queryset, operations.promote_out_of_turn, done)

    @admin.action(description=_("Give a place beyond the number of places"), permissions=["change"])
    def promote_beyond_capacity(self, request, queryset):
        done = gettext("Promoted out of turn: %(number)d.")
        self.act(request, queryset, operations.promote_beyond_capacity, done)

    @admin.action(description=_("Move to the waiting list"), permissions=["change"])
    def move_to_waiting_list(self, request, queryset):
        done = gettext("Moved to the waiting list: %(number)d.")
        self.act(request, queryset, operations.move_to_waiting_list, done)

    @admin.action(description=_("Cancel"), permissions=["change"])
    def cancel(self, request, queryset):
        self.act(request, queryset, operations.cancel, gettext("Cancelled: %(number)d."))

    @admin.action(description=_("Send e-mail"), permissions=["send"])
    def send_email(self, request, queryset):
        everybody = request.POST.get("select_across") == "1"
        selected = () if everybody else request.POST.getlist("_selected_action")
        return redirect(f"{reverse('admin:registrations_mailing_add')}?{writing_address(request.GET, selected)}")

    @admin.action(description=_("E-mail the personal link again"), permissions=["change"])
    def send_link_again(self, request, queryset):
        done = gettext("E-mails with the personal link on their way: %(number)d.")
        self.act(request, queryset, operations.send_link_again, done)
