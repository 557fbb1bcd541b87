"""The actions of the list of registrations. Those that change a status ask once, on a page of their own."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registrations import operations
from registrations.admin.extra_pages import render_page
from registrations.admin.jobs.job_queue import MOST_TAGGED_AT_ONCE, apply_or_queue, queue_job
from registrations.admin.registrations.bulk_actions import (
    BULK_ACTIONS,
    MAX_NAMES,
    describe_tagged,
    describe_unchanged,
    format_names,
)
from registrations.admin.selection import get_selection_query, group_by_event
from registrations.forms.organiser import TagForm
from registrations.models import Registration


def ask_or_apply(request, queryset, action):
    """Apply the bulk action; if it has a question, only when confirmed on a page that says how many are selected."""
    bulk_action, options = BULK_ACTIONS[action.__name__], {}
    if bulk_action.question:
        number = queryset.count()
        if request.POST.get("asked") != str(number):
            unchanged = queryset.filter(bulk_action.unchanged).count()
            context = {"bulk_action": bulk_action, "question": bulk_action.question % number, "unchanged": unchanged}
            if bulk_action.consequences:
                context["names"] = format_names(queryset.order_by("created_at", "pk")[:MAX_NAMES], number)
            return render_confirmation(request, queryset, action, number, bulk_action.button, **context)
        if bulk_action.notifies:
            options["notify"] = "notify" in request.POST
    return apply_or_queue(request, queryset, action.__name__, **options)


def ask_for_tag(request, queryset, action, operation: Callable, button: str):
    """Ask for the tag; once it is valid, add or remove it."""
    number = queryset.count()
    form = TagForm(request.POST if request.POST.get("asked") == str(number) else None)
    form.fields["tag"].widget.suggest = queryset.tags_in_use
    if not form.is_valid():
        return render_confirmation(request, queryset, action, number, button, form=form)
    if number > MOST_TAGGED_AT_ONCE:
        return queue_job(request, queryset, action.__name__, tag=form.cleaned_data["tag"])
    result = operation(queryset, form.cleaned_data["tag"], by=request.user)
    messages.success(request, describe_tagged(len(result.done)))
    if result.already:
        messages.info(request, describe_unchanged(result.already))
    if result.full:
        reason = _("They already have %(most)d tags, the most allowed.") % {"most": operations.MAX_TAGS}
        messages.warning(request, f"{format_names(result.full, len(result.full))}: {reason}")
    return None


def render_confirmation(request, queryset, action, number: int, button: str, **context):
    """The page that asks; its form calls the action again with the same selection."""
    is_everybody = request.POST.get("select_across") == "1"
    selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return render_page(
        request,
        Registration,
        "registrations/registration/confirm_action.html",
        action.short_description,
        action=action.__name__,
        is_everybody=is_everybody,
        selected=selected[:1] if is_everybody else selected,  # one at least, as for every action of the list
        number=number,
        has_selection_changed="asked" in request.POST and request.POST["asked"] != str(number),
        by_event=group_by_event(queryset),
        button=button,
        **context,
    )


def open_page(request, queryset, action, page: str):
    """Redirect to the page with this URL name, for the selected people or for all that the list shows."""
    is_everybody = request.POST.get("select_across") == "1"
    selected = () if is_everybody else request.POST.getlist(ACTION_CHECKBOX_NAME)
    return redirect(f"{reverse(page)}?{get_selection_query(request.GET, selected)}")


def make_action(name: str, permission: str, description: str, act: Callable, *args):
    """Make an action of the list: it calls `act` with the request, the selected people, itself and `args`."""

    @admin.action(permissions=[permission], description=description)
    def action(model_admin, request, queryset):
        return act(request, queryset, action, *args)

    action.__name__ = name
    return action


of_people = {
    name: make_action(name, bulk_action.permission, bulk_action.title, ask_or_apply)
    for name, bulk_action in BULK_ACTIONS.items()
}
# The frequent ones first: the list shows as many as buttons, and the others below “More”.
ACTIONS = [
    make_action("send_email", "send", _("Send e-mail"), open_page, "admin:registrations_mailing_add"),
    make_action("export_chosen", "export", _("Export"), open_page, "admin:registrations_registration_export"),
    of_people.pop("confirm"),
    make_action("add_tag", "change", _("Add a tag"), ask_for_tag, operations.add_tag, _("Add")),
    of_people.pop("cancel"),
    make_action("remove_tag", "change", _("Remove a tag"), ask_for_tag, operations.remove_tag, _("Remove")),
    make_action("print_list", "export", _("Print list"), open_page, "admin:registrations_registration_print"),
    make_action("print_badges", "badges", _("Badges"), open_page, "admin:attendance_badges"),
    of_people.pop("send_link_again"),
    *of_people.values(),
]
