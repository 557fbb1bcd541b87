"""The actions of the list of registrations. Those that change a status ask once, on a page of their own."""

from collections import defaultdict

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registrations import operations
from registrations.admin.extra_pages import render_page
from registrations.admin.registrations.status_actions import (
    BULK_ACTIONS,
    Outcome,
    apply,
    group_by_event,
    report,
    report_promoted_since,
    report_unchanged,
)
from registrations.admin.selection import get_selection_query
from registrations.forms.organiser import TagForm
from registrations.models import Registration


def make_status_action(name: str):
    """Make the action of the list for the bulk action with this name."""

    def status_action(model_admin, request, queryset):
        return confirm_or_apply(request, queryset, name)

    status_action.__name__ = name
    return admin.action(status_action, permissions=["change"], description=BULK_ACTIONS[name].title)


@admin.action(description=_("Check in"), permissions=["change"])
def check_in(model_admin, request, queryset):
    label, done = check_in.short_description, gettext("Checked in: %(number)d.")
    report_unchanged(request, queryset.filter(checked_in_at__isnull=False))
    apply_and_report(request, queryset.filter(checked_in_at=None), operations.check_in, label, done, by=request.user)


@admin.action(description=_("Undo check-in"), permissions=["change"])
def undo_check_in(model_admin, request, queryset):
    label, done = undo_check_in.short_description, gettext("Check-in undone: %(number)d.")
    report_unchanged(request, queryset.filter(checked_in_at=None))
    apply_and_report(
        request, queryset.exclude(checked_in_at=None), operations.undo_check_in, label, done, by=request.user
    )


@admin.action(description=_("E-mail the personal link again"), permissions=["change"])
def send_link_again(model_admin, request, queryset):
    label, done = send_link_again.short_description, gettext("Personal links being e-mailed: %(number)d.")
    apply_and_report(request, queryset, operations.resend_link, label, done)


@admin.action(description=_("Add a tag"), permissions=["change"])
def add_tag(model_admin, request, queryset):
    return ask_for_tag(request, queryset, add_tag, operations.add_tag, _("Add"))


@admin.action(description=_("Remove a tag"), permissions=["change"])
def remove_tag(model_admin, request, queryset):
    return ask_for_tag(request, queryset, remove_tag, operations.remove_tag, _("Remove"))


@admin.action(description=_("Send e-mail"), permissions=["send"])
def send_email(model_admin, request, queryset):
    return redirect_with_selection(request, "admin:registrations_mailing_add")


@admin.action(description=_("Export"), permissions=["export"])
def export_chosen(model_admin, request, queryset):
    return redirect_with_selection(request, "admin:registrations_registration_export")


@admin.action(description=_("Print list"), permissions=["export"])
def print_list(model_admin, request, queryset):
    return redirect_with_selection(request, "admin:registrations_registration_print")


ACTIONS = [
    *map(make_status_action, BULK_ACTIONS),
    check_in,
    undo_check_in,
    add_tag,
    remove_tag,
    send_link_again,
    send_email,
    export_chosen,
    print_list,
]


def confirm_or_apply(request, queryset, name: str):
    """Ask on a page that says how many people are selected; once it is confirmed, apply the action."""
    action, number = BULK_ACTIONS[name], queryset.count()
    unchanged = queryset.filter(status__in=action.target_statuses)
    if not is_confirmed(request, number):
        context = {
            "bulk_action": action,
            "question": action.question % number,
            "button": action.button,
            "unchanged": unchanged.count(),
        }
        return render_confirmation(request, queryset, name, number, action.title, **context)
    report_unchanged(request, unchanged)
    changing = queryset.exclude(status__in=action.target_statuses)
    options = {"by": request.user, "notify": "notify" in request.POST}
    return apply_and_report(request, changing, action.operation, action.title, action.done, **options)


def ask_for_tag(request, queryset, action, operation, button: str):
    """Ask for the tag; once it is valid, add or remove it."""
    number = queryset.count()
    is_bound = is_confirmed(request, number)
    form = TagForm(request.POST if is_bound else None)
    form.fields["tag"].widget.suggest = queryset.tags_in_use
    if not (is_bound and form.is_valid()):
        title = action.short_description
        return render_confirmation(request, queryset, action.__name__, number, title, form=form, button=button)
    result = operation(queryset, form.cleaned_data["tag"], by=request.user)
    text = ngettext("The tags of %d person were changed.", "The tags of %d people were changed.", len(result.done))
    messages.success(request, text % len(result.done))
    if result.already:
        text = ngettext("%d person needed no change.", "%d people needed no change.", result.already)
        messages.info(request, text % result.already)
    if result.full:
        reason = gettext("They already have %(most)d tags, the most allowed.") % {"most": operations.MAX_TAGS}
        report(request, Outcome([], {reason: result.full}), "")
    return None


def render_confirmation(request, queryset, name: str, number: int, title: str, **context):
    """The page that asks; its form calls the action `name` again with the same selection."""
    is_everybody = request.POST.get("select_across") == "1"
    selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return render_page(
        request,
        Registration,
        "registrations/registration/confirm_action.html",
        title,
        action=name,
        is_everybody=is_everybody,
        selected=selected[:1] if is_everybody else selected,  # one at least, as for every action of the list
        number=number,
        has_selection_changed="asked" in request.POST and request.POST["asked"] != str(number),
        by_event=group_by_event(queryset),
        **context,
    )


def is_confirmed(request, number: int) -> bool:
    """Whether the user confirmed the action for the number of people that the page told them."""
    return request.POST.get("asked") == str(number)


def apply_and_report(request, queryset, operation, label: str, done: str, **options) -> None:
    """Apply `operation` to each registration, log it under `label`, and tell the user the outcome."""
    start = timezone.now()
    outcome = apply(queryset.order_by("created_at", "pk"), operation, **options)
    log_action(request, outcome.done, label)
    report(request, outcome, done)
    report_promoted_since(request, outcome, start)


def log_action(request, people: list[Registration], label: str) -> None:
    """Add to the stock history of each registration what was done, and its status now."""
    by_status = defaultdict(list)
    for registration in people:
        by_status[registration.get_status_display()].append(registration)
    for status, group in by_status.items():
        LogEntry.objects.log_actions(request.user.pk, group, CHANGE, f"{label}: {status}")


def redirect_with_selection(request, name: str):
    """Redirect to the page with this URL name, for the selected people or for all whom the list shows."""
    is_everybody = request.POST.get("select_across") == "1"
    selected = () if is_everybody else request.POST.getlist(ACTION_CHECKBOX_NAME)
    return redirect(f"{reverse(name)}?{get_selection_query(request.GET, selected)}")
