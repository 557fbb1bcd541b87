"""Copying an event to a new date."""

from datetime import date, datetime, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.local_time import localize
from conference.models import Event, validate_slug_is_free, validate_year
from registrations import operations
from registrations.admin.extra_pages import admin_view, log_addition, render_page
from registrations.operations.event_copy import SHIFTED_FIELDS

SLUG_TAKEN = gettext_lazy("Another event already has this address. Please choose another.")


class CopyForm(forms.Form):
    """The day on which the copy starts, and its address. The time of day stays, in the event's time zone."""

    day = forms.DateField(
        label=gettext_lazy("New date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    slug = forms.SlugField(label=gettext_lazy("New address"), max_length=50, validators=[validate_slug_is_free])
    copy: Event | None = None

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
            kept = {field.name for field in Event._meta.fields} - set(SHIFTED_FIELDS)
            try:
                self.copy.full_clean(exclude=kept, validate_unique=False)
            except ValidationError as error:
                raise ValidationError(error.messages) from None


@admin_view(Event, "add", scoped=True)
def copy_view(request, event):
    """Show how the times move with a new day; copy the event when that button is pressed."""
    form = CopyForm(request.POST if request.method == "POST" else suggest_copy(event), event=event)
    if form.is_valid() and request.method == "POST" and "show" not in request.POST:
        try:
            copy = operations.copy_event(event, starts_at=form.copy.starts_at, slug=form.copy.slug)
        except IntegrityError:  # somebody has just taken the address, or the button was pressed twice
            form.add_error("slug", SLUG_TAKEN)
        except operations.Busy as busy:
            form.add_error(None, str(busy))
        else:
            return redirect_to_copy(request, copy)
    times = [
        (capfirst(Event._meta.get_field(name).verbose_name), getattr(event, name), getattr(form.copy, name, None))
        for name in SHIFTED_FIELDS
        if getattr(event, name)
    ]
    template, title = "conference/event/copy.html", _("Copy an event")
    return render_page(request, Event, template, title, event=event, form=form, times=times)


def redirect_to_copy(request, copy: Event):
    log_addition(request, copy)
    text = _(
        "This is the copy. It has the texts, settings, topics, partners, questions and e-mail "
        "paragraphs, but no registrations. It is not published."
    )
    messages.success(request, text)
    messages.info(request, _("Please check the title, any dates in the texts, the times and the number of places."))
    return redirect("admin:conference_event_change", copy.pk)


def suggest_copy(event: Event) -> dict:
    """Return the same weekday 52 weeks later, and a free address with that year."""
    was = event.starts_at.astimezone(event.zone).date()
    day = was + timedelta(weeks=52)
    while day <= timezone.localdate():
        day += timedelta(weeks=52)
    root = event.slug.removesuffix(f"-{was.year}")
    wanted = [f"{root[:40]}-{day.year}{ending}" for ending in ("", *(f"-{number}" for number in range(2, 100)))]
    taken = set(Event.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    return {"day": day.isoformat(), "slug": next((slug for slug in wanted if slug not in taken), "")}
