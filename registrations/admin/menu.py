"""The menu of the admin: the work on one event by sections, and what concerns the whole site."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from conference.admin.setting_topics import TOPICS
from conference.models import Event, get_limited_access


def with_event_in_path(name: str, event: Event | None) -> str:
    """Return the page's address; without an event there is none."""
    return reverse(f"admin:{name}", args=[event.pk]) if event else ""


def with_topic_in_path(name: str, event: Event | None) -> str:
    """Return the address of the settings; the name ends with a colon and their topic."""
    page, _colon, topic = name.partition(":")
    return reverse(f"admin:{page}", args=[event.pk, topic]) if event else ""


def with_event_in_query(name: str, event: Event | None) -> str:
    """Return the page's address; without an event, it is about all of them."""
    return f"{reverse(f'admin:{name}')}?event={event.pk}" if event else reverse(f"admin:{name}")


def without_event(name: str, event: Event | None) -> str:
    """Return the address of a page that asks about the event on which the user works."""
    return reverse(f"admin:{name}")


class MenuPage(NamedTuple):
    """A page of the menu, for users with all of `permissions`.

    `name` is that of its URL, which `build_url` makes for an event. `below` are the names of pages that one gets to
    from it: on them too it is the current one. `is_for_all_events` hides it from users who are limited to some,
    and it stands only with events that it `suits`.
    """

    label: Promise
    name: str
    permissions: tuple[str, ...]
    build_url: Callable[[str, Event | None], str] = with_event_in_query
    below: tuple[str, ...] = ()
    is_for_all_events: bool = False
    suits: Callable[[Event], bool] = lambda event: True

    def is_shown_to(self, user) -> bool:
        is_hidden = self.is_for_all_events and get_limited_access(user)
        return user.has_perms(self.permissions) and not is_hidden

    def is_current(self, url_name: str) -> bool:
        return url_name == self.name or url_name in self.below


class MenuSection(NamedTuple):
    label: Promise
    pages: list[MenuPage]


class MenuItem(NamedTuple):
    """A section or a page as a template shows it; `items` are the pages of the section that the user is in."""

    label: Promise
    url: str
    is_current: bool
    items: list["MenuItem"]


def get_period(event: Event) -> str:
    """Return in which year the event is, and what tells it from one that is coming: “2026, past”."""
    state = (
        pgettext("event", "cancelled")
        if event.is_cancelled
        else pgettext("event", "past")
        if event.has_ended
        else _("draft")
        if not event.is_published
        else ""
    )
    year = str(event.starts_at.astimezone(event.zone).year)
    return f"{year}, {state}" if state else year


def name_pages(model: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{model}_{name}" for name in names)


def make_event_page(label: Promise, name: str, permissions: tuple[str, ...], **options) -> MenuPage:
    return MenuPage(label, f"conference_event_{name}", permissions, with_event_in_path, **options)


def make_settings_page(topic: str) -> MenuPage:
    return MenuPage(TOPICS[topic].label, f"conference_event_settings:{topic}", EVENT, with_topic_in_path)


PEOPLE = ("registrations.view_registration",)
EVENT = ("conference.view_event",)
CHANGE_EVENT = ("conference.change_event",)
CANCEL_EVENT = (*CHANGE_EVENT, "registrations.add_mailing")

# The sections of an event, in their order. Apps above this one add their pages; a section without pages is not shown.
SECTIONS = {
    "overview": MenuSection(
        _("Overview"),
        [MenuPage(_("Overview"), "conference_event_overview", PEOPLE, with_event_in_path, ("conference_event_burst",))],
    ),
    "people": MenuSection(
        _("People"),
        [
            MenuPage(
                _("List"),
                "registrations_registration_changelist",
                PEOPLE,
                below=name_pages(
                    "registrations_registration", *("add", "change", "action", "history", "needs", "ticket", "print")
                ),
            ),
            MenuPage(
                _("Import"),
                "registrations_registration_import",
                ("registrations.add_registration", "registrations.view_email"),
                below=("registrations_registration_import_preview",),
            ),
            MenuPage(_("Export"), "registrations_registration_export", (*PEOPLE, "registrations.export_registration")),
            MenuPage(
                _("Possible duplicates"),
                "registrations_registration_doubles",
                ("registrations.change_registration", "registrations.view_email"),
                below=("registrations_registration_merge",),
            ),
            MenuPage(
                _("Actions in the background"),
                "registrations_bulkjob_changelist",
                ("registrations.change_registration",),
                below=name_pages("registrations_bulkjob", "change", "history"),
            ),
        ],
    ),
    "form": MenuSection(
        _("Form"),
        [
            MenuPage(
                _("Questions"),
                "registrations_question_changelist",
                ("registrations.view_question",),
                below=name_pages("registrations_question", "add", "change", "delete", "history", "erase"),
            ),
            make_settings_page("form"),
        ],
    ),
    "programme": MenuSection(_("Programme"), []),
    "messages": MenuSection(
        _("Messages"),
        [
            MenuPage(
                _("Send e-mail"), "registrations_mailing_add", (*PEOPLE, "registrations.add_mailing"), without_event
            ),
            MenuPage(
                _("Mailings"),
                "registrations_mailing_changelist",
                ("registrations.view_mailing",),
                below=name_pages("registrations_mailing", "change", "history"),
            ),
            MenuPage(
                _("Sent e-mails"),
                "registrations_outgoingemail_changelist",
                ("registrations.view_outgoingemail",),
                below=name_pages("registrations_outgoingemail", "change", "history"),
            ),
            make_settings_page("emails"),
            MenuPage(_("Preview the e-mails"), "conference_event_emails", EVENT, with_event_in_path),
        ],
    ),
    "door": MenuSection(_("Door"), []),
    "after": MenuSection(_("After"), []),
    "settings": MenuSection(
        _("Settings"),
        [
            *map(make_settings_page, ("texts", "topics", "when", "registration", "partners", "sharing", "privacy")),
            make_event_page(_("For other sites"), "share", EVENT),
            make_event_page(_("Publish"), "publish", CHANGE_EVENT, below=("conference_event_delete",)),
            make_event_page(_("Cancel the event"), "cancel", CANCEL_EVENT, suits=lambda event: event.is_coming),
            make_event_page(
                _("Let it take place after all"), "restore", CANCEL_EVENT, suits=lambda event: event.is_cancelled
            ),
            make_event_page(_("Copy"), "copy", ("conference.add_event",), is_for_all_events=True),
            make_event_page(_("History"), "history", EVENT),
        ],
    ),
}

# What events share, and what only the site has.
SHARED_PAGES = [
    MenuPage(_("All conferences"), "conference_event_changelist", EVENT, below=("conference_event_add",)),
    MenuPage(
        _("Venues"),
        "conference_venue_changelist",
        ("conference.view_venue",),
        below=name_pages("conference_venue", "add", "change", "delete", "history"),
    ),
    MenuPage(_("Guide"), "guide", (), below=("guide_print",)),
]
SITE_PAGES = [
    MenuPage(
        _("Users"),
        "auth_user_changelist",
        ("auth.view_user",),
        below=name_pages("auth_user", "add", "change", "delete", "history", "password_change", "reset_second_factor"),
        is_for_all_events=True,
    ),
    MenuPage(_("Log"), "admin_logentry_changelist", ("admin.view_logentry",), below=("admin_logentry_change",)),
    MenuPage(
        _("Accessibility statement"),
        "conference_accessibilitystatement_changelist",
        ("conference.view_accessibilitystatement",),
        below=name_pages("conference_accessibilitystatement", "add", "change", "delete", "history"),
        is_for_all_events=True,
    ),
    MenuPage(_("E-mail health"), "registrations_outgoingemail_health", ("registrations.view_outgoingemail",)),
]


def build_sections(user, event: Event | None, url_name: str) -> Iterator[MenuItem]:
    """Yield the sections that `user` may open, of the event or of all; `url_name` names the page they are on."""
    for section in SECTIONS.values():
        items = build_items(section.pages, user, event, url_name)
        if items:
            is_current = any(item.is_current for item in items)
            yield MenuItem(section.label, items[0].url, is_current, items if is_current else [])


def build_items(pages: list[MenuPage], user, event: Event | None, url_name: str) -> list[MenuItem]:
    """Return those of the pages that `user` may open."""
    suitable = [page for page in pages if page.is_shown_to(user) and (event is None or page.suits(event))]
    shown = [(page, page.build_url(page.name, event)) for page in suitable]
    return [MenuItem(page.label, url, page.is_current(url_name), []) for page, url in shown if url]


def build_site_items(user, url_name: str) -> tuple[list[MenuItem], list[MenuItem]]:
    """Return the pages about what events share, and those about the site."""
    shared, site = ([page._replace(build_url=without_event) for page in pages] for pages in (SHARED_PAGES, SITE_PAGES))
    return build_items(shared, user, None, url_name), build_items(site, user, None, url_name)
