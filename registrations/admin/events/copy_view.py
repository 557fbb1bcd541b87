"""Copying an event to a new date."""

from datetime import date, datetime, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.local_time import localize
from conference.models import Event, validate_slug_is_free, validate_year
from registrations import operations

TIMES = ["starts_at", "ends_at", "registration_opens_at", "registration_closes_at", "changes_until"]

SLUG_TAKEN = gettext_lazy("Another event already has this address. Please choose another.")


class CopyForm(forms.Form):
    """On which day the copy starts, and its address. The hour stays, by the clock of the place."""

    day = forms.DateField(
        label=gettext_lazy("New date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    slug = forms.SlugField(label=gettext_lazy("New address"), max_length=50, validators=[validate_slug_is_free])

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        validate_year(day)
        shown = self.event.starts_at.astimezone(self.event.zone)
        self.cleaned_data["starts_at"] = localize(datetime.combine(day, shown.time().replace(fold=0)), self.event.zone)
        return day

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if Event.objects.filter(slug=slug).exists():
            raise ValidationError(SLUG_TAKEN)
        return slug

    def clean(self):
        if "starts_at" in self.cleaned_data:
            self.copy = operations.build_event_copy(
                self.event, starts_at=self.cleaned_data["starts_at"], slug=self.cleaned_data.get("slug", "")
            )
            kept = {field.name for field in Event._meta.fields} - set(TIMES)
            try:
                self.copy.clean_fields(exclude=kept)
                self.copy.validate_constraints(exclude=kept)
            except ValidationError as error:
                raise ValidationError(error.messages) from None


class CopyMixin:
    """For the ModelAdmin of events: a page that copies one."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.copy_view)
        return [path("<int:pk>/copy/", view, name="conference_event_copy"), *super().get_urls()]

    def copy_view(self, request, pk):
        """Show how the times move with a new day, as often as asked; copy when the button says so."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        event = get_object_or_404(Event.objects.visible_to(request.user).select_related("venue"), pk=pk)
        form = CopyForm(request.POST if request.method == "POST" else suggest_copy(event), event=event)
        if form.is_valid() and request.method == "POST" and "show" not in request.POST:
            try:
                copy = operations.copy_event(event, starts_at=form.copy.starts_at, slug=form.copy.slug)
            except IntegrityError:  # somebody took the address this very moment, or the button was pressed twice
                form.add_error("slug", SLUG_TAKEN)
            except operations.Busy as busy:
                form.add_error(None, str(busy))
            else:
                return self.redirect_to_copy(request, copy)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Copy an event"),
            "event": event,
            "form": form,
            "times": compare_times(event, getattr(form, "copy", None)),
        }
        return render(request, "admin/conference/event/copy.html", context)

    def redirect_to_copy(self, request, copy: Event):
        self.log_addition(request, copy, [{"added": {}}])
        messages.success(
            request,
            _(
                "This is the copy. It has the texts, settings, topics, partners, questions and e-mail "
                "paragraphs, but no registrations. It is not published."
            ),
        )
        messages.info(
            request,
            _("Please check the title, any dates in the texts, the times and the number of places."),
        )
        return redirect("admin:conference_event_change", copy.pk)


def suggest_copy(event: Event) -> dict:
    """The same weekday 52 weeks later, and an address that names that year and is free."""
    was = event.starts_at.astimezone(event.zone).date()
    day = was + timedelta(weeks=52)
    while day <= timezone.localdate():
        day += timedelta(weeks=52)
    root = event.slug.removesuffix(f"-{was.year}")
    wanted = [f"{root[:40]}-{day.year}{ending}" for ending in ("", *(f"-{number}" for number in range(2, 100)))]
    taken = set(Event.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    return {"day": day.isoformat(), "slug": next((slug for slug in wanted if slug not in taken), "")}


def compare_times(event: Event, copy: Event | None) -> list[tuple]:
    """Each of the event's times that is set: its name, as it is, and as it is in the copy."""
    return [
        (
            capfirst(Event._meta.get_field(name).verbose_name),
            getattr(event, name).astimezone(event.zone),
            getattr(copy, name).astimezone(event.zone) if copy else None,
        )
        for name in TIMES
        if getattr(event, name)
    ]
