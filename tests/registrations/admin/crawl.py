"""All addresses of the admin, found in its URL patterns, so that tests miss none."""

import io
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import UUIDField
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver

from conference.admin.setting_topics import TOPICS
from conference.models import AccessibilityStatement
from tests.registrations.admin.full_event import FullEvent

ARGUMENT = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
# They change who is logged in.
LOGIN_ROUTES = {"login/", "logout/"}


def collect_admin_routes() -> list[str]:
    """Return every route of the admin, with its arguments in angle brackets."""
    admin_pages = next(entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", "") == "admin")
    return sorted(set(collect_routes(admin_pages)) - LOGIN_ROUTES)


def collect_routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", str(entry.pattern)).strip("^$")
        if isinstance(entry, URLResolver):
            yield from collect_routes(entry, route)
        else:
            yield route


def fill_route(route: str, whole: FullEvent) -> list[str]:
    """Return the paths of the route for rows of this event; several numbers in a path are of different rows."""
    arguments = list(ARGUMENT.finditer(route))
    values = [get_argument_values(route, argument["name"], argument["converter"], whole) for argument in arguments]
    paths = []
    for chosen in product(*values):
        path = route
        for argument, value in zip(arguments, chosen, strict=True):
            path = path.replace(argument[0], str(value))
        paths.append(f"/admin/{path}")
    return paths


def get_argument_values(route: str, name: str, converter: str | None, whole: FullEvent) -> list:
    """Return the possible values of an argument. Raises LookupError if this function does not know it."""
    if route.startswith("conference/accessibilitystatement/"):
        return [AccessibilityStatement.ONLY]  # the whole site's, and no event's
    match name, converter:
        case "object_id" | "id" | "pk", "path" | "str" | None:
            return [whole.uuid] if has_uuid_pk(route) else [whole.number]
        case "content_type_id", _:
            return [
                content_type.pk for content_type in ContentType.objects.get_for_models(*admin.site._registry).values()
            ]
        case "app_label", _:
            return sorted({model._meta.app_label for model in admin.site._registry})
        case "topic", _:
            return list(TOPICS)
        case "url", None:
            return ["nonsense/"]
        case _, "int":
            return whole.numbers if route.count("<int:") > 1 else [whole.number]
        case _, "uuid":
            return [whole.uuid]
        case "action", "slug":
            return ["cancel", "check_in"]  # tests of their own are about all
        case "key", "slug":
            return ["dietary_needs"]
        case _, "slug":
            return [whole.mark]
    raise LookupError(f"What can <{converter}:{name}> be? Tell it here, so that the address is walked.")


def has_uuid_pk(route: str) -> bool:
    """Whether the route is of a model with UUIDs as keys."""
    kinds = {f"{model._meta.app_label}/{model._meta.model_name}": model for model in admin.site._registry}
    model = kinds.get("/".join(route.split("/")[:2]))
    return model is not None and isinstance(model._meta.pk, UUIDField)


def make_queries(whole: FullEvent) -> list[dict]:
    """Return queries about this event that do not contain its mark: one parameter each, and all together."""
    keys = ["event", "topic", "registration", "question", "selected", "as", "burst"]
    each = [
        *({key: whole.number} for key in keys),
        {"mailing__id__exact": whole.uuid},
        {"draft": whole.uuid},
        {"country": whole.country},
        {"tag": whole.word},
        {"q": whole.word},
        {"_popup": "1", "_to_field": "id", "all": "", "o": "1.-2"},
        {"format": "xlsx", "event": whole.number},
    ]
    return [*each, {key: value for query in each for key, value in query.items()}]


def make_autocomplete_queries(whole: FullEvent) -> list[dict]:
    """Return queries to the autocomplete view for every relation of every model in the admin."""
    return [
        {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field.name,
            "term": whole.word,
        }
        for model in admin.site._registry
        for field in model._meta.get_fields()
        if (field.many_to_one or field.many_to_many) and field.concrete
    ]


def collect_filter_queries(unlimited: Client, path: str, whole: FullEvent) -> set[str]:
    """Return the queries of all filters and columns that the list at this path offers to an unrestricted user."""
    found = set()
    for query in ({}, {"event": whole.number}) if get_model_admin(path) else ():
        response = unlimited.get(path, query)
        if changelist := response.context and response.context.get("cl"):
            for spec in changelist.filter_specs:
                found |= {choice["query_string"].removeprefix("?") for choice in spec.choices(changelist)}
            found |= {f"o={number}" for number in range(1, len(changelist.list_display) + 1)}
    return found - {""}


def make_post_bodies(whole: FullEvent, path: str) -> list[dict]:
    """Return bodies with which a POST could change rows of this event."""
    keys = ["event", "registration", "question", "venue", "mailing", "one", "keep", "as", "row"]
    lists = ["registrations", "topics", "selected", "_selected_action", "people", "pk", "choose"]
    rows = {
        **dict.fromkeys(keys, whole.number),
        **dict.fromkeys(lists, whole.numbers),
        "other": whole.number + 1,
        "id": str(whole.uuid),
        "draft": str(whole.uuid),
        **dict.fromkeys(["post", "confirm", "send", "preview", "apply", "merge", "import", "sends_email"], "yes"),
        "subject_0": "Subject",
        "text_0": "Text",
    }
    return [rows, *({**rows, "action": action, "index": "0"} for action in get_action_names(path))]


def get_action_names(path: str) -> list[str]:
    """Return the names of all actions of the list at this path; none for any other path."""
    request = RequestFactory().get(path)
    request.user = User(is_superuser=True)
    return list(get_model_admin(path).get_actions(request)) if get_model_admin(path) else []


def get_model_admin(path: str) -> admin.ModelAdmin | None:
    """Return the ModelAdmin whose list is at this path."""
    lists = {
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/": model_admin
        for model, model_admin in admin.site._registry.items()
    }
    return lists.get(path)


def read_response(response) -> str:
    """Return all text of a response: redirects, headers, and the content, unpacked if it is an archive."""
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"".join(packed.read(name) for name in packed.namelist())
    led = " ".join(address for address, _status in getattr(response, "redirect_chain", []))
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    return "\n".join([led, headers, content.decode(errors="replace")])


class FormFields(HTMLParser):
    """The values that a browser would post from a page, and the fields that can choose a row of this event."""

    def __init__(self, page: str, whole: FullEvent):
        super().__init__()
        self.keys = {*map(str, whole.numbers), str(whole.uuid)}
        self.filled_in: dict[str, list[str]] = {}
        self.choosing: set[str] = set()
        self.select = self.textarea = ""  # which of them the parser is in
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        field = {name: value or "" for name, value in attrs}
        name, value, kind = field.get("name") or self.select, field.get("value", ""), field.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.textarea = name
        elif tag not in ("input", "option") or not name or kind in ("submit", "file", "button"):
            return
        elif "selected" in field or "checked" in field or (tag == "input" and kind not in ("checkbox", "radio")):
            self.filled_in.setdefault(name, []).append(value)
        if value in self.keys:
            self.choosing.add(name)

    def handle_data(self, data):
        if self.textarea:
            self.filled_in.setdefault(self.textarea, []).append(data)

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""
