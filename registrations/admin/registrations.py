"""The list of registrations: find, add, correct, confirm, cancel, export."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.careful import is_key
from conference.clock import ByTheClock, clock_lazy
from conference.models import Event
from registrations import operations
from registrations.admin import filters
from registrations.admin.actions import Actions
from registrations.admin.careful import Careful
from registrations.admin.emails import EmailInline
from registrations.admin.exporting import Exporting
from registrations.admin.forms import RegistrationAddForm, RegistrationChangeForm
from registrations.models import Registration


@admin.register(Registration)
class RegistrationAdmin(Actions, Exporting, ByTheClock, Careful, admin.ModelAdmin):
    zone_path = "event__time_zone"
    form = RegistrationChangeForm
    list_display = ["name", "organisation", "email", "status", "registered", "event_slug"]
    list_filter = [
        filters.EventFilter,
        "status",
        "sector",
        filters.CountryFilter,
        filters.TopicFilter,
        filters.LanguageFilter,
        ("created_at", admin.DateFieldListFilter),
    ]
    allowed_lookups = {"status__exact", "sector__exact", "created_at__gte", "created_at__lt", "created_at__isnull"}
    list_select_related = ["event"]
    ordering = ["-created_at", "-pk"]
    search_fields = ["search_text"]
    search_help_text = _("Name (with or without diacritics), e-mail, organisation or reference.")
    history = [
        "source",
        "created_at",
        "email_confirmed_at",
        "hold_until",
        "confirmed_at",
        "waiting_since",
        "cancelled_at",
        "erased_at",
        "consented_at",
    ]
    readonly_fields = ["reference", "event", "status", "new_email", *history, "answers_given"]
    fieldsets = [
        (None, {"fields": ["reference", "event", "status"]}),
        (_("Person"), {"fields": [*RegistrationChangeForm.Meta.fields, "new_email", "answers_given"]}),
        (_("History"), {"fields": history, "description": clock_lazy()}),
    ]
    inlines = [EmailInline]

    @admin.display(description=_("Name"), ordering="sort_name")
    def name(self, registration):
        return registration.full_name or _("(erased)")

    @admin.display(description=_("registered"), ordering="created_at")
    def registered(self, registration):
        return date_format(registration.created_at.astimezone(registration.event.zone), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("event"), ordering="event__slug")
    def event_slug(self, registration):
        return registration.event.slug

    @admin.display(description=_("answers"))
    def answers_given(self, registration):
        lines = (f"{label}: {answer}" for label, answer in registration.answered_questions())
        return "\n".join(lines) or "–"

    def has_delete_permission(self, request, obj=None):
        # A deleted row would free its place behind the waiting list's back. Cancelling is what frees a place.
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term, with_email=may_see_email(request.user)), False

    def get_list_display(self, request):
        return [name for name in self.list_display if name != "email" or may_see_email(request.user)]

    def get_fieldsets(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return self.fieldsets
        hidden = {"internal_note"} if may_see_email(request.user) else {"internal_note", "email", "new_email"}
        return [
            (title, {"fields": [name for name in options["fields"] if name not in hidden]})
            for title, options in self.fieldsets
        ]

    def save_model(self, request, registration, form, change):
        with operations.locked(registration.event):
            operations.reread(Registration.objects.get(pk=registration.pk))  # refuses who was erased meanwhile
            registration.save(update_fields=[name for name in form.changed_data if name not in ("topics", "email")])
            if "email" in form.changed_data:
                operations.change_address(registration, form.cleaned_data["email"])
        if "email" in form.changed_data:
            messages.info(
                request, gettext("The personal link changed with the address and is on its way to the new one.")
            )

    def add_view(self, request, form_url="", extra_context=None):
        """Signs somebody up by hand, through the same operation as everybody else."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        events = Event.objects.visible_to(request.user).select_related("venue").order_by("-starts_at")
        chosen = request.GET.get("event", "")
        event = events.filter(pk=chosen).first() if is_key(chosen) else None
        if event is None and len(events) == 1:
            event = events[0]
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Add registration")}
        if event is None:
            return render(request, "admin/registrations/registration/choose_event.html", {**context, "events": events})

        form = RegistrationAddForm(request.POST or None, event=event)
        if request.method == "POST" and form.is_valid():
            try:
                registration, _has_place = operations.register(
                    form.filled_in(),
                    topics=form.cleaned_data["topics"],
                    beyond_capacity=form.cleaned_data["beyond_capacity"],
                )
            except operations.Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                self.log_addition(request, registration, [{"added": {}}])
                text = gettext("%(reference)s was added: %(status)s.")
                status = registration.get_status_display()
                messages.success(request, text % {"reference": registration.reference, "status": status})
                return redirect("admin:registrations_registration_change", registration.pk)
        fieldset = (event.title, {"fields": list(form.fields)})
        context |= {"form": form, "adminform": AdminForm(form, [fieldset], {}, model_admin=self)}
        return render(request, "admin/registrations/registration/add.html", context)


def may_see_email(user) -> bool:
    return user.has_perm("registrations.view_email")
