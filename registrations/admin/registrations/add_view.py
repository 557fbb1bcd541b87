"""Adding a registration by hand."""

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from registrations import operations
from registrations.admin.extra_pages import admin_view, log_addition, render_event_choice, render_page
from registrations.admin.list_filters import get_chosen_event
from registrations.forms.organiser import OrganiserAddForm
from registrations.models import Registration


@admin_view(Registration, "add")
def add_view(request):
    """Register somebody through the same operation as the public form."""
    event = get_chosen_event(request.user, request.GET.get("event", ""))
    if event is None:
        return render_event_choice(request, Registration, _("Add registration"))
    form = OrganiserAddForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            registration, _has_place = operations.register(
                form.build_registration(source=Registration.Source.BY_HAND),
                topics=form.cleaned_data["topics"],
                beyond_capacity=form.cleaned_data["beyond_capacity"],
            )
        except operations.OperationError as refusal:
            form.add_operation_error(refusal)
        else:
            return redirect_to_added(request, registration)
    adminform = AdminForm(form, [(event.title, {"fields": list(form.fields)})], {})
    return render_page(
        request,
        Registration,
        "registrations/registration/add.html",
        _("Add registration"),
        form=form,
        adminform=adminform,
    )


def redirect_to_added(request, registration: Registration):
    log_addition(request, registration)
    text = _("%(reference)s was added: %(status)s.")
    status = registration.get_status_display()
    messages.success(request, text % {"reference": registration.reference, "status": status})
    return redirect("admin:registrations_registration_change", registration.pk)
