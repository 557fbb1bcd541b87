"""An event's topics, found in the same query as the event."""

import pytest
from django.utils import translation

from conference.models import Event, Topic
from tests.factories import make_event, make_topic

pytestmark = pytest.mark.django_db


def test_an_event_comes_with_its_topics_in_their_order(django_assert_num_queries):
    event, other = make_event(), make_event()
    make_topic(event, {"lv": "Otrā", "en": "Second"}, position=2, description="About “it”\n– 100 %")
    make_topic(event, "First", position=1)
    make_topic(event, {"lv": "Trešā"}, position=2)
    make_topic(other, "Of the other")
    expected = list(event.topics.all())
    with django_assert_num_queries(1):
        topics = Topic.from_annotation(Event.objects.with_topics().get(pk=event.pk))
        assert [topic.event.slug for topic in topics] == [event.slug] * 3
    assert topics == expected
    for language in ("lv", "en"):
        with translation.override(language):
            for found, stored in zip(topics, expected, strict=True):
                assert str(found.title) == str(stored.title)
                assert str(found.description) == str(stored.description)
                assert found.position == stored.position


def test_an_event_without_topics_has_none():
    assert Topic.from_annotation(Event.objects.with_topics().get(pk=make_event().pk)) == []
