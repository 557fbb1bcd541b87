"""The filters of the admin's lists. Each offers only values that occur in the list."""

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Func, TextField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from conference.admin.mixins import is_pk
from conference.models import Event, Topic
from registrations.email_typos import filter_typos

# The parameters of filters by answers start with it; the question's key follows.
ANSWER_PREFIX = "answer_"


def get_chosen_event(user, key: str) -> Event | None:
    """Return the event with this primary key from an address; without one, the only event that `user` can see."""
    events = Event.objects.visible_to(user).defer_long_texts()
    if key:
        return events.filter(pk=key).first() if is_pk(key) else None
    only = events[:2]
    return only[0] if len(only) == 1 else None


class ChoiceFilter(admin.SimpleListFilter):
    """Filters by one value of `field`; subclasses define the field and the choices."""

    field = ""

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in {value for value, _label in self.lookup_choices}:
            raise IncorrectLookupParameters
        return self.filter_queryset(queryset)

    def filter_queryset(self, queryset):
        return queryset.filter(**{self.field: self.value()})


class EventFilter(ChoiceFilter):
    title = _("event")
    parameter_name = field = "event"

    def lookups(self, request, model_admin):
        return [
            (str(event.pk), str(event.title)) for event in Event.objects.visible_to(request.user).order_by("-starts_at")
        ]

    def choices(self, changelist):
        # Another event has other topics and questions, so its link drops the filters by them.
        for choice in super().choices(changelist):
            chosen = QueryDict(choice["query_string"].removeprefix("?"), mutable=True)
            for name in [name for name in chosen if name == "topic" or name.startswith(ANSWER_PREFIX)]:
                del chosen[name]
            yield {**choice, "query_string": f"?{chosen.urlencode()}"}


class TopicFilter(ChoiceFilter):
    title = _("topic of interest")
    parameter_name = "topic"
    field = "topics"

    def lookups(self, request, model_admin):
        topics = Topic.objects.visible_to(request.user).order_by("-event__starts_at", "position", "pk")
        event = request.GET.get("event", "")
        if is_pk(event):
            topics = topics.filter(event=event)
        return [(str(topic.pk), str(topic.title)) for topic in topics]


class CountryFilter(ChoiceFilter):
    title = _("country")
    parameter_name = field = "country"

    def lookups(self, request, model_admin):
        codes = (
            model_admin.get_queryset(request)
            .exclude(country="")
            .order_by()
            .values_list("country", flat=True)
            .distinct()
        )
        return sorted(((code, str(countries.name(code))) for code in codes), key=lambda pair: pair[1])


class LanguageFilter(ChoiceFilter):
    title = _("language")
    parameter_name = field = "language"

    def lookups(self, request, model_admin):
        return settings.LANGUAGES


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

    def lookups(self, request, model_admin):
        return [("yes", _("yes")), ("no", _("no"))]

    def filter_queryset(self, queryset):
        return queryset.filter(checked_in_at__isnull=self.value() == "no")


class RemovedFilter(ChoiceFilter):
    """Shows only the current questions unless removed ones are chosen."""

    title = _("asked")
    parameter_name = "asked"

    def lookups(self, request, model_admin):
        return [("removed", _("removed")), ("all", _("all"))]

    def choices(self, changelist):
        asked, *others = super().choices(changelist)
        return [{**asked, "display": _("asked")}, *others]

    def queryset(self, request, queryset):
        return super().queryset(request, queryset) if self.value() else queryset.asked()

    def filter_queryset(self, queryset):
        return queryset if self.value() == "all" else queryset.filter(removed_at__isnull=False)


class EmailTypoFilter(ChoiceFilter):
    """Only for those who may see e-mail addresses."""

    title = _("e-mail address")
    parameter_name = "address"

    def lookups(self, request, model_admin):
        may_see = request.user.has_perm("registrations.view_email")
        return [("mistyped", _("looks like a typo"))] if may_see else []

    def filter_queryset(self, queryset):
        return filter_typos(queryset)


class EmailEventFilter(EventFilter):
    field = "registration__event"


class EmailStateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("sent", _("sent")), ("waiting", _("waiting to be sent")), ("given_up", _("failed"))]

    def filter_queryset(self, queryset):
        if self.value() == "sent":
            return queryset.filter(sent_at__isnull=False)
        return queryset.waiting() if self.value() == "waiting" else queryset.given_up()
