"""The filters of the admin's lists. Each offers only values that occur in the list."""

from operator import itemgetter

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Count, Func, Q, TextField
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from conference.models import Event, Topic, is_pk
from registrations.email_typos import filter_typos
from registrations.models import (
    Burst,
    Question,
    Registration,
    find_countries,
    has_answer,
    has_chosen,
    list_possible_answers,
)

# The parameters of filters by answers start with it; the question's key follows.
ANSWER_PREFIX = "answer_"
# No choice has this key.
NO_ANSWER = "-"


def get_chosen_event(user, key: str) -> Event | None:
    """Return the event with this primary key from an address; without one, the only event that `user` can see."""
    events = Event.objects.visible_to(user).defer_long_texts()
    if key:
        return events.filter(pk=key).first() if is_pk(key) else None
    only = events[:2]
    return only[0] if len(only) == 1 else None


def list_events(request) -> list[Event]:
    """Return the events that the user may see, the latest first. At most one query per request."""
    if not hasattr(request, "visible_events"):
        events = Event.objects.visible_to(request.user).defer_long_texts()
        request.visible_events = list(events.order_by("-starts_at"))
    return request.visible_events


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
    title = _("event")
    parameter_name = field = "event"

    def lookups(self, request, model_admin):
        return [(str(event.pk), str(event.title)) for event in list_events(request)]

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
        codes = find_countries(list_events(request))
        return sorted(((code, str(countries.name(code))) for code in codes), key=itemgetter(1))


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


class EmailStateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    offered = [("sent", _("sent")), ("waiting", _("waiting to be sent")), ("given_up", _("failed"))]

    def filter_queryset(self, queryset):
        if self.value() == "sent":
            return queryset.filter(sent_at__isnull=False)
        return queryset.waiting() if self.value() == "waiting" else queryset.given_up()


class AnswerFilter(ChoiceFilter):
    """By the answers to `question`; subclasses are made for each question."""

    def lookups(self, request, model_admin):
        return [*self.offered, (NO_ANSWER, gettext("no answer"))]

    def filter_queryset(self, queryset):
        if self.value() == NO_ANSWER:
            return queryset.filter(event=self.question.event_id).exclude(has_answer(self.question))
        return queryset.filter(has_chosen(self.question, self.value()))


def make_answer_filters(request) -> list[type[AnswerFilter]]:
    """Return a filter for each question with choices of the chosen event, or of the only one.

    Removed choices are offered while somebody's answer is one. Questions that only organisers answer are for those
    who may change registrations; questions about dietary and access needs have no filter.
    """
    key, events = request.GET.get("event"), list_events(request)
    chosen = [event for event in events if str(event.pk) == key] if key else events
    if len(chosen) != 1:
        return []
    (event,) = chosen
    requested = [name.removeprefix(ANSWER_PREFIX) for name in request.GET if name.startswith(ANSWER_PREFIX)]
    questions = event.questions.not_about_needs().selectable().filter(Q(removed_at__isnull=True) | Q(key__in=requested))
    if not request.user.has_perm("registrations.change_registration"):
        questions = questions.filter(is_internal=False)
    possible = {question: list_possible_answers(question) for question in questions.prefetch_related("choices")}
    unused = find_unused_choices(event, possible)
    return [
        type(
            "AnswerFilter",
            (AnswerFilter,),
            {
                "title": str(question.label),
                "parameter_name": f"{ANSWER_PREFIX}{question.key}",
                "question": question,
                "offered": [(key, label) for key, label, _is_removed in answers if (question, key) not in unused],
            },
        )
        for question, answers in possible.items()
    ]


def find_unused_choices(event: Event, possible: dict[Question, list]) -> list[tuple[Question, str]]:
    """Return question and key of the removed choices that are nobody's answer. At most one query."""
    removed = [(question, key) for question in possible for key, _label, is_removed in possible[question] if is_removed]
    counts = {f"n{n}": Count("pk", filter=has_chosen(*pair)) for n, pair in enumerate(removed)}
    numbers = Registration.objects.filter(event=event).aggregate(**counts)
    return [pair for n, pair in enumerate(removed) if not numbers[f"n{n}"]]
