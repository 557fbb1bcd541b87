"""The filters of the admin's lists. Each offers only values that occur in the list."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Exists, Func, OuterRef, TextField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from conference.models import Event, Sector, Topic, is_pk
from registrations.admin_site import get_current_event, list_events
from registrations.email_typos import filter_typos
from registrations.forms.choice_fields import get_sort_key
from registrations.models import Burst, OutgoingEmail, Registration, find_countries

# The parameters of filters by answers start with it; the question's key follows.
ANSWER_PREFIX = "answer_"


class ChoiceFilter(admin.SimpleListFilter):
    """Filters by one value of `field`; subclasses define the field, and what is `offered`: values and labels."""

    field = ""
    offered: list[tuple[str, str]] = []

    def lookups(self, request, model_admin):
        return self.offered

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return self.filter_queryset(queryset)

    def filter_queryset(self, queryset):
        return queryset.filter(**{self.field: self.value()})


class EventFilter(ChoiceFilter):
    """By the event; not shown once one is chosen in the menu."""

    title = _("event")
    parameter_name = field = "event"

    def lookups(self, request, model_admin):
        self.is_in_menu = get_current_event(request) is not None
        return [(str(event.pk), str(event)) for event in list_events(request)]

    def choices(self, changelist):
        # Another event has other sectors, topics and questions, so its link drops the filters by them.
        for choice in super().choices(changelist):
            chosen = QueryDict(choice["query_string"].removeprefix("?"), mutable=True)
            for name in [
                name for name in chosen if name in ("topic", "sector__exact") or name.startswith(ANSWER_PREFIX)
            ]:
                del chosen[name]
            yield {**choice, "query_string": f"?{chosen.urlencode()}"}


def get_filtered_events(request) -> list[Event]:
    """Return the chosen event, or all that the user may see if none is chosen."""
    key, events = request.GET.get("event"), list_events(request)
    return [event for event in events if str(event.pk) == key] if key else events


def list_shown_rows(request, model, field: str) -> Iterable:
    """Return the sectors or topics of the filtered events, the latest event's first; none if `field` is not shown."""
    events = get_filtered_events(request)
    if field not in Registration.objects.list_shown_fields(events):
        return []
    return model.objects.filter(event__in=events).order_by("-event__starts_at", "position", "pk")


class SectorFilter(ChoiceFilter):
    """Sectors with the same key in several events are one. The parameter's name is in links and bookmarks."""

    title = _("sector")
    parameter_name = "sector__exact"
    field = "sector"

    def lookups(self, request, model_admin):
        labels = {}
        for sector in list_shown_rows(request, Sector, "sector"):
            labels.setdefault(sector.key, str(sector))
        return list(labels.items())


class TopicFilter(ChoiceFilter):
    title = _("topic of interest")
    parameter_name = "topic"
    field = "topics"

    def lookups(self, request, model_admin):
        return [(str(topic.pk), str(topic.title)) for topic in list_shown_rows(request, Topic, "topics")]


class CountryFilter(ChoiceFilter):
    title = _("country")
    parameter_name = field = "country"

    def lookups(self, request, model_admin):
        codes = find_countries(list_events(request))
        return sorted(((code, str(countries.name(code))) for code in codes), key=lambda pair: get_sort_key(pair[1]))


class LanguageFilter(ChoiceFilter):
    title = _("language")
    parameter_name = field = "language"
    offered = settings.LANGUAGES


class TagFilter(ChoiceFilter):
    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        people = model_admin.get_queryset(request).order_by()
        event = request.GET.get("event", "")
        if is_pk(event):
            people = people.filter(event=event)
        tags = people.exclude(tags=[]).annotate(tag=Func("tags", function="unnest", output_field=TextField()))
        return [(tag, tag) for tag in sorted(tags.values_list("tag", flat=True).distinct(), key=str.casefold)]

    def filter_queryset(self, queryset):
        return queryset.filter(tags__contains=[self.value()])


class CheckInFilter(ChoiceFilter):
    title = _("attended")
    parameter_name = "came"
    offered = [("yes", _("yes")), ("no", _("no"))]

    def filter_queryset(self, queryset):
        return queryset.filter(checked_in_at__isnull=self.value() == "no")


class RemovedFilter(ChoiceFilter):
    """Shows only the current questions unless removed ones are chosen."""

    title = _("asked")
    parameter_name = "asked"
    offered = [("removed", _("removed")), ("all", _("all"))]

    def choices(self, changelist):
        asked, *others = super().choices(changelist)
        return [{**asked, "display": _("asked")}, *others]

    def queryset(self, request, queryset):
        return super().queryset(request, queryset) if self.value() else queryset.asked()

    def filter_queryset(self, queryset):
        return queryset if self.value() == "all" else queryset.filter(removed_at__isnull=False)


class EmailTypoFilter(ChoiceFilter):
    title = _("e-mail address")
    parameter_name = "address"
    offered = [("mistyped", _("looks like a typo")), ("none", _("no e-mail")), ("untold", _("no e-mail, not told"))]

    def lookups(self, request, model_admin):
        return self.offered if request.user.has_perm("registrations.view_email") else []

    def filter_queryset(self, queryset):
        if self.value() == "mistyped":
            return filter_typos(queryset)
        return queryset.without_email() if self.value() == "none" else queryset.to_tell_of_place()


class BurstFilter(ChoiceFilter):
    """By the network that people came from; only for who comes from the page about them."""

    title = _("registrations from one network")
    parameter_name = field = "burst"

    def lookups(self, request, model_admin):
        key = request.GET.get("burst", "")
        bursts = Burst.objects.visible_to(request.user).filter(pk=key if is_pk(key) else None)
        return [(str(burst.pk), str(burst)) for burst in bursts] if "burst" in request.GET else []

    def has_output(self):
        return self.value() is not None  # also for one that is gone, so that the list does not show everybody


class EmailEventFilter(EventFilter):
    field = "registration__event"


class MailingEventFilter(EventFilter):
    """Mailings that went to people of the event."""

    def filter_queryset(self, queryset):
        sent = OutgoingEmail.objects.filter(mailing=OuterRef("pk"), registration__event=self.value())
        return queryset.filter(Exists(sent))


class EmailStateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    offered = [("sent", _("sent")), ("waiting", _("waiting to be sent")), ("given_up", _("failed"))]

    def filter_queryset(self, queryset):
        if self.value() == "sent":
            return queryset.filter(sent_at__isnull=False)
        return queryset.waiting() if self.value() == "waiting" else queryset.given_up()
