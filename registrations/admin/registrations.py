"""The list of registrations: find, add, correct, confirm, cancel, export."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.careful import is_key
from conference.models import Event
from registrations import exports, operations
from registrations.admin import filters
from registrations.admin.careful import Careful
from registrations.admin.emails import EmailInline
from registrations.admin.events import tell_promoted
from registrations.admin.forms import RegistrationAddForm, RegistrationChangeForm
from registrations.admin.mailings import writing_address
from registrations.models import OutgoingEmail, Registration


@admin.register(Registration)
class RegistrationAdmin(Careful, admin.ModelAdmin):
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
    actions = [
        "confirm",
        "promote_out_of_turn",
        "promote_beyond_capacity",
        "move_to_waiting_list",
        "cancel",
        "send_link_again",
        "send_email",
    ]
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
        (_("History"), {"fields": history}),
    ]
    inlines = [EmailInline]

    @admin.display(description=_("Name"), ordering=Concat("last_name", Value(" "), "first_name"))
    def name(self, registration):
        return registration.full_name or _("(erased)")

    @admin.display(description=_("registered"), ordering="created_at")
    def registered(self, registration):
        return date_format(timezone.localtime(registration.created_at), "SHORT_DATETIME_FORMAT")

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

    def has_send_permission(self, request):
        return request.user.has_perm("registrations.add_mailing")

    def has_export_permission(self, request):
        return request.user.has_perm("registrations.export_registration")

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term), False

    def get_urls(self):
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="registrations_registration_export"), *super().get_urls()]

    def get_fieldsets(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return self.fieldsets
        hidden = {"internal_note"}
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
        events = Event.objects.select_related("venue").order_by("-starts_at")
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

    def changelist_view(self, request, extra_context=None):
        formats = [
            ("csv", _("Export for Excel")),
            ("csv-comma", _("Export as CSV")),
        ]
        context = {
            "title": _("Registrations"),
            "writing_address": writing_address(request.GET) if self.has_send_permission(request) else None,
            "has_export_permission": self.has_export_permission(request),
            "exports": [(self.export_url(request, name), label) for name, label in formats],
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def export_url(self, request, name: str) -> str:
        """The address of the export of what the list now shows."""
        query = request.GET.copy()
        query["format"] = name
        return f"{reverse('admin:registrations_registration_export')}?{query.urlencode()}"

    def export_view(self, request):
        """The rows that the list's filters and search show, as CSV; recorded in the admin's log."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        query = request.GET.copy()
        name = query.pop("format", ["csv"])[-1]
        request.GET = query
        try:
            registrations = self.get_changelist_instance(request).get_queryset(request)
            form = exports.FORMATS[name]
        except (IncorrectLookupParameters, KeyError):
            messages.error(
                request, gettext("This export does not exist. Please choose the filters and the format again.")
            )
            return redirect("admin:registrations_registration_changelist")
        file, count = exports.write_csv(registrations, form)
        chosen = {name: value for name, value in query.items() if name not in ("o", "p", "all", "e")}
        exports.record(request.user, registrations, count=count, filters=chosen)
        return FileResponse(
            file,
            as_attachment=True,
            filename=f"registrations-{timezone.localdate()}.csv",
            content_type="text/csv; charset=utf-8",
        )

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
