import pytest
from django.utils import timezone

from registrations import operations
from registrations.models import Change, Registration
from tests.factories import make_event, make_registration, make_user

pytestmark = pytest.mark.django_db


def tags(*registrations) -> list[list[str]]:
    return [Registration.objects.get(pk=registration.pk).tags for registration in registrations]


def test_a_tag_is_added_once_in_any_case_and_event():
    one, other = make_registration(make_event()), make_registration(make_event(), tags=["VIP"])
    tagging = operations.add_tag(Registration.objects.all(), "vip", by=make_user())
    assert ([done.pk for done in tagging.done], tagging.already, tagging.full) == ([one.pk], 1, [])
    assert tags(one, other) == [["vip"], ["VIP"]]
    assert Change.objects.values_list("registration", "old", "new").get() == (one.pk, "", "vip")


def test_a_tag_is_removed_and_the_others_stay():
    one, other = make_registration(make_event(), tags=["vip", "press"]), make_registration(make_event(), tags=["press"])
    tagging = operations.remove_tag(Registration.objects.all(), "Vip", by=make_user())
    assert (len(tagging.done), tagging.already) == (1, 1)
    assert tags(one, other) == [["press"], ["press"]]


def test_somebody_with_too_many_tags_gets_no_more():
    many = [f"tag {number}" for number in range(operations.MAX_TAGS)]
    registration = make_registration(make_event(), tags=many)
    assert operations.add_tag(Registration.objects.all(), "vip", by=make_user()).full == [registration]
    assert tags(registration) == [many]


def test_an_erased_person_gets_no_tags():
    registration = make_registration(make_event(), erased_at=timezone.now())
    assert operations.add_tag(Registration.objects.all(), "vip", by=make_user()).done == []
    assert tags(registration) == [[]]


@pytest.mark.parametrize("number", [1, 3, 300])
def test_many_are_tagged_with_the_same_queries(number, django_assert_num_queries):
    event, organiser = make_event(), make_user()
    for _number in range(number):
        make_registration(event)
    with django_assert_num_queries(7):
        operations.add_tag(Registration.objects.all(), "vip", by=organiser)
    assert Change.objects.count() == number


def test_tags_in_use_are_listed_with_the_most_frequent_first():
    event = make_event()
    for words in (["vip"], ["press", "vip"], []):
        make_registration(event, tags=words)
    make_registration(make_event(), tags=["elsewhere"])
    assert event.registrations.tags_in_use() == ["vip", "press"]
