"""Queries for events."""

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F, Model, Q
from django.db.models.functions import JSONObject
from django.db.models.lookups import IsNull
from django.utils import timezone

from conference.models.picture import PicturedQuerySet


class EventQuerySet(PicturedQuerySet):
    event_path = "pk"

    def defer_long_texts(self):
        return self.defer("description", "privacy_notice")

    def with_topics(self):
        """Load the topics in the same query, for Topic.from_annotation."""
        row = JSONObject(**{name: f"topics__{name}" for name in ("id", "title", "description", "position")})
        order = ("topics__position", "topics__pk")
        return self.annotate(topic_rows=JSONBAgg(row, filter=Q(topics__isnull=False), order_by=order))

    def published(self):
        return self.filter(is_published=True)

    def upcoming(self):
        """Return events that have not ended, the next one first, and those that were cancelled after all others."""
        return self.filter(ends_at__gt=timezone.now()).order_by(IsNull(F("cancelled_at"), False), "starts_at", "pk")

    def taking_place(self):
        return self.filter(cancelled_at__isnull=True)

    def past(self):
        """Return events that have ended, the latest first."""
        return self.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")

    def current(self) -> Model | None:
        """Return the next published event, or the latest if there is no upcoming one."""
        published = self.published()
        return published.upcoming().first() or published.past().first()
