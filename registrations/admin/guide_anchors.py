"""Where the guide for organisers tells about a page of the admin: the anchor of its heading."""

from registrations.admin.menu import SECTIONS, SHARED_PAGES, SITE_PAGES

# By the names of URLs. A page that is not here has the anchor of the page of the menu from which one gets to it.
# Apps above this one add their pages.
GUIDE_ANCHORS = {
    "conference_event_overview": "overview",
    "registrations_registration_changelist": "find",
    "registrations_registration_add": "add",
    "registrations_registration_change": "person",
    "registrations_registration_action": "person",
    "registrations_registration_history": "wrong-click",
    "registrations_registration_ticket": "no-address",
    "registrations_registration_import": "import",
    "registrations_registration_export": "lists",
    "registrations_registration_doubles": "duplicates",
    "registrations_bulkjob_changelist": "many",
    "registrations_question_changelist": "form",
    "registrations_mailing_add": "write",
    "registrations_mailing_changelist": "write",
    "registrations_outgoingemail_changelist": "sent",
    "conference_event_emails": "e-mails",
    "conference_event_settings:texts": "texts",
    "conference_event_settings:topics": "texts",
    "conference_event_settings:when": "when-and-where",
    "conference_event_settings:registration": "registration-settings",
    "conference_event_settings:form": "form",
    "conference_event_settings:emails": "e-mails",
    "conference_event_settings:partners": "partners",
    "conference_event_settings:sharing": "sharing",
    "conference_event_settings:privacy": "privacy",
    "conference_event_publish": "publish",
    "conference_event_cancel": "cancel-event",
    "conference_event_restore": "cancel-event",
    "conference_event_history": "wrong-click",
    "conference_event_share": "sharing",
    "conference_event_copy": "copy",
    "conference_event_changelist": "new-conference",
    "conference_venue_changelist": "when-and-where",
    "auth_user_changelist": "colleagues",
    "admin_logentry_changelist": "wrong-click",
    "conference_accessibilitystatement_changelist": "accessibility-statement",
    "registrations_outgoingemail_health": "no-e-mail",
}


def find_guide_anchor(url_name: str) -> str:
    """Return the anchor for the page with this name of its URL; empty if the guide does not tell about it."""
    pages = [page for section in SECTIONS.values() for page in section.pages] + SHARED_PAGES + SITE_PAGES
    page = next((page for page in pages if page.is_current(url_name)), None)
    return GUIDE_ANCHORS.get(url_name) or GUIDE_ANCHORS.get(page.name if page else "", "")
