"""The filters beside the organisers' list of registrations. Each offers only what occurs in the list."""

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from conference.careful import is_key
from conference.models import Event, Topic
from registrations.mistyped import with_mistyped_address


class ChoiceFilter(admin.SimpleListFilter):
    """One value of one field; subclasses name the field and the choices."""

    field = ""

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in {value for value, _label in self.lookup_choices}:
            raise IncorrectLookupParameters
        return queryset.filter(**{self.field: self.value()})


class EventFilter(ChoiceFilter):
    title = _("event")
    parameter_name = field = "event"

    def lookups(self, request, model_admin):
        return [
            (str(event.pk), str(event.title)) for event in Event.objects.visible_to(request.user).order_by("-starts_at")
        ]


class TopicFilter(ChoiceFilter):
    title = _("topic of interest")
    parameter_name = "topic"
    field = "topics"

    def lookups(self, request, model_admin):
        topics = Topic.objects.visible_to(request.user).order_by("-event__starts_at", "position", "pk")
        event = request.GET.get("event", "")
        if is_key(event):
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


class AddressFilter(admin.SimpleListFilter):
    """Only for those who may see e-mail addresses."""

    title = _("e-mail address")
    parameter_name = "address"

    def lookups(self, request, model_admin):
        may_see = request.user.has_perm("registrations.view_email")
        return [("mistyped", _("looks mistyped"))] if may_see else []

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset
            case "mistyped":
                return with_mistyped_address(queryset)
            case _:
                raise IncorrectLookupParameters


class EmailEventFilter(EventFilter):
    field = "registration__event"


class EmailStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("sent", _("sent")), ("waiting", _("waiting to be sent")), ("given_up", _("given up"))]

    def queryset(self, request, queryset):
        match self.value():
            case "sent":
                return queryset.filter(sent_at__isnull=False)
            case "waiting":
                return queryset.waiting()
            case "given_up":
                return queryset.given_up()
            case _:
                return queryset
