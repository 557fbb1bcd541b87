"""What can be done with the people chosen in the list."""

from collections import defaultdict

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registrations import operations
from registrations.admin.mail.mailing_admin import compose_query
from registrations.admin.registrations.bulk_actions import (
    BULK_ACTIONS,
    Outcome,
    apply,
    group_by_event,
    report,
    report_promoted_since,
    report_unchanged,
)
from registrations.forms.organiser import TagForm


class ListActionsMixin:
    """For the ModelAdmin of registrations: the list's actions. Those that change how people stand ask once."""

    actions = [
        *BULK_ACTIONS,
        "check_in",
        "undo_check_in",
        "add_tag",
        "remove_tag",
        "send_link_again",
        "send_email",
        "export_chosen",
        "print_list",
    ]

    def has_send_permission(self, request):
        return request.user.has_perm("registrations.add_mailing")

    @admin.action(description=BULK_ACTIONS["confirm"].title, permissions=["change"])
    def confirm(self, request, queryset):
        return self.confirm_or_apply(request, queryset, "confirm", gettext("Confirmed: %(number)d."))

    @admin.action(description=BULK_ACTIONS["promote_out_of_turn"].title, permissions=["change"])
    def promote_out_of_turn(self, request, queryset):
        done = gettext("Given a place out of turn: %(number)d.")
        return self.confirm_or_apply(request, queryset, "promote_out_of_turn", done)

    @admin.action(description=BULK_ACTIONS["promote_beyond_capacity"].title, permissions=["change"])
    def promote_beyond_capacity(self, request, queryset):
        done = gettext("Given a place out of turn: %(number)d.")
        return self.confirm_or_apply(request, queryset, "promote_beyond_capacity", done)

    @admin.action(description=BULK_ACTIONS["move_to_waiting_list"].title, permissions=["change"])
    def move_to_waiting_list(self, request, queryset):
        done = gettext("Moved to the waiting list: %(number)d.")
        return self.confirm_or_apply(request, queryset, "move_to_waiting_list", done)

    @admin.action(description=BULK_ACTIONS["cancel"].title, permissions=["change"])
    def cancel(self, request, queryset):
        return self.confirm_or_apply(request, queryset, "cancel", gettext("Cancelled: %(number)d."))

    @admin.action(description=_("Check in"), permissions=["change"])
    def check_in(self, request, queryset):
        done = gettext("Checked in: %(number)d.")
        self.do(request, queryset, operations.check_in, done, already=Q(checked_in_at__isnull=False), by=request.user)

    @admin.action(description=_("Undo check-in"), permissions=["change"])
    def undo_check_in(self, request, queryset):
        done = gettext("Check-in undone: %(number)d.")
        self.do(request, queryset, operations.undo_check_in, done, already=Q(checked_in_at=None), by=request.user)

    @admin.action(description=_("Add a tag"), permissions=["change"])
    def add_tag(self, request, queryset):
        return self.ask_for_tag(request, queryset, operations.add_tag, _("Add a tag"), _("Add"))

    @admin.action(description=_("Remove a tag"), permissions=["change"])
    def remove_tag(self, request, queryset):
        return self.ask_for_tag(request, queryset, operations.remove_tag, _("Remove a tag"), _("Remove"))

    @admin.action(description=_("E-mail the personal link again"), permissions=["change"])
    def send_link_again(self, request, queryset):
        done = gettext("Personal links being e-mailed: %(number)d.")
        self.do(request, queryset, operations.resend_link, done, already=Q(pk__in=[]))

    @admin.action(description=_("Send e-mail"), permissions=["send"])
    def send_email(self, request, queryset):
        return redirect_with_selection(request, "admin:registrations_mailing_add")

    @admin.action(description=_("Export"), permissions=["export"])
    def export_chosen(self, request, queryset):
        return redirect_with_selection(request, "admin:registrations_registration_export")

    @admin.action(description=_("Print list"), permissions=["export"])
    def print_list(self, request, queryset):
        return redirect_with_selection(request, "admin:registrations_registration_print")

    def confirm_or_apply(self, request, queryset, name: str, done: str):
        """Ask once, on a page that says to how many people it would be done; then do it and say what came of it."""
        deed, number = BULK_ACTIONS[name], queryset.count()
        already = Q(status__in=deed.ends_as)
        if is_confirmed(request, number):
            how = {"by": request.user, "notify": "notify" in request.POST}
            return self.do(request, queryset, deed.operation, done, already=already, **how)
        asked = {"deed": deed, "question": deed.ask(number), "title": deed.title, "button": deed.button}
        return self.ask(request, queryset, name, number, already=queryset.filter(already).count(), **asked)

    def ask_for_tag(self, request, queryset, operation, title: str, button: str):
        """Ask for the tag, and do it once it is a good one."""
        number = queryset.count()
        is_bound = is_confirmed(request, number)
        form = TagForm(request.POST if is_bound else None)
        form.fields["tag"].widget.suggest = queryset.tags_in_use
        if not (is_bound and form.is_valid()):
            return self.ask(request, queryset, operation.__name__, number, form=form, title=title, button=button)
        tagging = operation(queryset, form.cleaned_data["tag"], by=request.user)
        text = ngettext("The tags of %d person were changed.", "The tags of %d people were changed.", len(tagging.done))
        messages.success(request, text % len(tagging.done))
        if tagging.already:
            text = ngettext("%d person needed no change.", "%d people needed no change.", tagging.already)
            messages.info(request, text % tagging.already)
        if tagging.full:
            reason = gettext("They already have %(most)d tags, the most allowed.") % {"most": operations.MAX_TAGS}
            report(request, Outcome([], {reason: tagging.full}, 0), "")
        return None

    def ask(self, request, queryset, name: str, number: int, **asked):
        """The page that asks; its answer comes back to the action `name` with the same people chosen."""
        is_everybody = request.POST.get("select_across") == "1"
        chosen = request.POST.getlist("_selected_action")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "action": name,
            "is_everybody": is_everybody,
            "chosen": chosen[:1] if is_everybody else chosen,  # one at least, as for every action of the list
            "number": number,
            "has_changed": "asked" in request.POST and request.POST["asked"] != str(number),
            "by_event": group_by_event(queryset),
            **asked,
        }
        return render(request, "admin/registrations/registration/confirm_action.html", context)

    def do(self, request, queryset, operation, done: str, *, already: Q, **how) -> None:
        """Do `operation` with each chosen registration, and say what was done and what could not be.

        Those who are `already` so are left without asking for the lock.
        """
        start = timezone.now()
        report_unchanged(request, queryset.filter(already))
        outcome = apply(queryset.exclude(already).order_by("created_at", "pk"), operation, **how)
        self.log_action(request, outcome.done, operation)
        report(request, outcome, done)
        report_promoted_since(request, outcome, start)

    def log_action(self, request, people, operation) -> None:
        """The stock history's line for each of them: what was done, and how they stand now."""
        label, by_status = getattr(self, operation.__name__).short_description, defaultdict(list)
        for registration in people:
            by_status[registration.get_status_display()].append(registration)
        for status, some in by_status.items():
            LogEntry.objects.log_actions(request.user.pk, some, CHANGE, f"{label}: {status}")


def is_confirmed(request, number: int) -> bool:
    """Whether the page that asks was answered, and as many people are chosen as it said."""
    return request.POST.get("asked") == str(number)


def redirect_with_selection(request, name: str):
    """To the page with this name for those whom the list shows, or the chosen ones of them."""
    everybody = request.POST.get("select_across") == "1"
    selected = () if everybody else request.POST.getlist("_selected_action")
    return redirect(f"{reverse(name)}?{compose_query(request.GET, selected)}")
