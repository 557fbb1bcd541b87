"""A new event: the page that asks what no event can do without, and makes a draft of it."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy, override
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from conference.admin.concurrent_edits import lock_edits
from conference.models import Event, Sector, Venue
from conference.text.cleanup import clean_line
from registrations.admin.events.event_settings import find_next_page
from registrations.admin.events.free_addresses import find_free_address, make_root
from registrations.admin.extra_pages import log_addition
from registrations.models import choose_event

NEW_VENUE_FIELDS = {"new_venue": "name", "new_street": "street", "new_city": "city"}
ALL_LANGUAGES = "all"


class CleanLineField(forms.CharField):
    def to_python(self, value):
        return clean_line(super().to_python(value))


def list_working_languages() -> list[tuple[str, str]]:
    codes = [code for code, _name in settings.LANGUAGES]
    names = [str(get_language_info(code)["name_translated"]) for code in codes]
    together = _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
    return [*zip(codes, names, strict=True), (ALL_LANGUAGES, together), ("", _("Another one"))]


def name_working_language(chosen: str) -> LazyI18nString:
    """Return what the choice is called, in each language."""
    names = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            names[code] = dict(list_working_languages())[chosen]
    return LazyI18nString(names)


def can_add_venue(request) -> bool:
    return request.user.has_perm("conference.add_venue")


class NewEventForm(forms.ModelForm):
    new_venue = CleanLineField(label=gettext_lazy("Name of the new venue"), max_length=200, required=False)
    new_street = CleanLineField(label=gettext_lazy("Street and number"), max_length=200, required=False)
    new_city = CleanLineField(label=gettext_lazy("City"), max_length=100, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Working language"),
        choices=list_working_languages,
        initial=settings.LANGUAGES[0][0],
        required=False,
        help_text=gettext_lazy("You can enter any other language in the settings."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        venue = self.fields["venue"]
        venue.required, venue.empty_label = False, _("A new venue")
        venue.widget = venue.widget.widget  # without the buttons that open other windows
        self.initial.setdefault("venue", Event.objects.order_by("-pk").values_list("venue", flat=True).first())

    def clean(self):
        values = super().clean()
        self.check_venue(values)
        # Until this one is saved: whoever presses the button twice makes one event.
        lock_edits("conference.event-add")
        same = Event.objects.filter(starts_at=values.get("starts_at"), title=values.get("title") or "")
        if values.get("title") and same.exists():
            raise ValidationError(_("There is already an event with this title at this time. Please open that one."))
        return values

    def check_venue(self, values: dict) -> None:
        entered = [name for name in NEW_VENUE_FIELDS if values.get(name)]
        if entered and "venue" not in self.changed_data:
            values["venue"] = None  # it was not chosen, but that of the latest event
        if values.get("venue"):
            if entered:
                self.add_error("venue", _("Choose a venue or enter a new one, not both."))
        elif not entered:
            self.add_error("venue", _("Choose a venue, or enter the name and address of a new one below."))
        else:
            for name in NEW_VENUE_FIELDS:
                if name not in entered and name not in self.errors:
                    self.add_error(name, forms.Field.default_error_messages["required"])

    def make_venue(self) -> Venue:
        return Venue(**{of_venue: self.cleaned_data[name] for name, of_venue in NEW_VENUE_FIELDS.items()})


class NewEventAtKnownVenueForm(NewEventForm):
    """For users who may not add venues."""

    new_venue = new_street = new_city = None


class NewEventMixin:
    """For the ModelAdmin of events: its page for a new one, which is a draft with the defaults of the model."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = NewEventForm if can_add_venue(request) else NewEventAtKnownVenueForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        if obj is not None:
            return super().get_fieldsets(request, obj)
        contact = [] if request.user.email else ["contact_email"]
        return [
            (None, {"fields": ["title", "starts_at", "ends_at"]}),
            (gettext_lazy("Where"), {"fields": ["venue", *(NEW_VENUE_FIELDS if can_add_venue(request) else [])]}),
            (gettext_lazy("Places and language"), {"fields": ["capacity", "language", *contact]}),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        hidden = ("show_save_and_continue", "show_save_and_add_another")
        context = {"title": _("New conference"), **dict.fromkeys(hidden, False), **(extra_context or {})}
        return super().add_view(request, form_url, context)

    def save_model(self, request, event, form, change):
        if not change:
            self.complete(request, event, form)
        super().save_model(request, event, form, change)

    def complete(self, request, event: Event, form: NewEventForm) -> None:
        """Fill in what the page does not ask."""
        if not event.venue_id:
            event.venue = form.make_venue()
            event.venue.save()
            log_addition(request, event.venue)
        event.contact_email = event.contact_email or request.user.email
        event.time_zone = timezone.get_current_timezone_name()  # in which the times were entered
        if language := form.cleaned_data["language"]:
            event.working_language = name_working_language(language)
        day = timezone.localdate(event.starts_at)
        event.slug = find_free_address(make_root(event.title, day), day)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change:
            Sector.objects.create_defaults(form.instance)

    def response_post_save_add(self, request, obj):
        """Lead on to what is missing, page after page."""
        choose_event(request.user, obj)
        messages.info(request, _("Nobody else sees it until you publish it. Go on with what is missing."))
        return redirect(find_next_page(obj, ""))
