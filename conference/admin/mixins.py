"""Base classes of the ModelAdmins: the site's form fields, event scope, permissions, the event's time zone."""

import zoneinfo

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import SuspiciousOperation
from django.db.models import DateField, DateTimeField, URLField
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField

from conference.admin.concurrent_edits import ConcurrentEditsMixin
from conference.admin.ordering import PositionWidget
from conference.admin.text_fields import (
    TranslatedLineField,
    TranslatedLineWidget,
    TranslatedTextField,
    TranslatedTextWidget,
)
from conference.local_time import INVALID_DATE, LocalDateTimeField
from conference.models import get_limited_access, is_pk
from conference.text.search_words import MAX_LETTERS, MAX_WORDS, get_search_words, is_search_shortened

# Django's own texts, in which a noun follows a verb. Listed here, they are in this project's catalogue too, where they
# are translated so that the noun needs no case.
gettext_noop("Add %s")
gettext_noop("Change %s")
gettext_noop("View %s")
gettext_noop("Add %(name)s")
gettext_noop("Add another %(verbose_name)s")
# Django's Latvian translation of these always uses the singular.
ngettext_lazy("Please correct the error below.", "Please correct the errors below.", 0)


FIELD_OVERRIDES = {
    I18nCharField: {"form_class": TranslatedLineField, "widget": TranslatedLineWidget},
    I18nTextField: {"form_class": TranslatedTextField, "widget": TranslatedTextWidget},
    DateField: {"error_messages": {"invalid": INVALID_DATE}},
    DateTimeField: {"form_class": LocalDateTimeField},
    URLField: {"assume_scheme": "https"},
}
# More than any link to a list has: values of one parameter, and characters of one value.
MAX_VALUES, MAX_VALUE_LENGTH = 20, 500
# Names the zone of a page's times, when the page is rendered.
time_zone_note = lazy(lambda: _("Time zone: %(zone)s.") % {"zone": timezone.get_current_timezone_name()}, str)


LOWER_TEXT_AREA = {**FIELD_OVERRIDES[I18nTextField], "widget_kwargs": {"attrs": {"rows": 3}}}


class FormFieldsMixin:
    """For a ModelAdmin: the site's own form fields, which offer and accept only rows that their user may see."""

    formfield_overrides = FIELD_OVERRIDES
    markdown_fields: list[str] = []
    markdown_kind = "page"  # where the Markdown is shown, which its preview follows; in an "email" it has placeholders

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.is_relation and hasattr(related := db_field.related_model._default_manager, "visible_to"):
            kwargs["queryset"] = related.visible_to(request.user)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:  # what was changed is compared with the row: Django's hidden input has one language of a text
            field.show_hidden_initial = False
        if db_field.name in self.markdown_fields:
            field.widget.enable_markdown(self.markdown_kind)
        return field

    def get_changeform_initial_data(self, request):
        """Take nothing from the address: no link fills in a form, and Django fails at texts for a date."""
        return {}


class ChangePageMixin(ConcurrentEditsMixin, FormFieldsMixin):
    """For a ModelAdmin whose page has such fields."""


class InlineFieldsMixin(FormFieldsMixin):
    """The same for an inline, which has lower text areas, and arrows for the order of its rows."""

    formfield_overrides = {**FIELD_OVERRIDES, I18nTextField: LOWER_TEXT_AREA}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "position":
            kwargs["widget"] = PositionWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def warn_of_shortened_search(request, text: str) -> None:
    """Tell the user that a part of the search is left out, if it is."""
    if request.method == "GET" and is_search_shortened(text):  # an action leads back to the list, which says it
        told = _("Only the first %(words)d words and %(letters)d characters of the search were looked for.")
        messages.warning(request, told % {"words": MAX_WORDS, "letters": MAX_LETTERS})


class CheckedListMixin:
    """For a ModelAdmin with integer keys: refuses lists and actions that no link or button of its pages asks for."""

    def get_changelist_instance(self, request):
        for name, values in request.GET.lists():
            # What is searched is shortened instead, and said to be.
            if len(values) > MAX_VALUES or (name != SEARCH_VAR and max(map(len, values)) > MAX_VALUE_LENGTH):
                raise IncorrectLookupParameters
        return super().get_changelist_instance(request)

    def get_search_results(self, request, queryset, search_term):
        warn_of_shortened_search(request, search_term)
        return super().get_search_results(request, queryset, " ".join(get_search_words(search_term)))

    def response_action(self, request, queryset):
        if not all(map(is_pk, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise SuspiciousOperation("Rows are chosen by their numbers.")
        return super().response_action(request, queryset)


class EventScopedAdmin(CheckedListMixin, ChangePageMixin, admin.ModelAdmin):
    """Shows only rows that the user may see, and accepts only the lookups of its own filters."""

    allowed_lookups: set[str] = set()  # of the filters that `list_filter` names by a field
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def action_checkbox(self, obj):
        """The stock one, which takes a third of a list's time, as it renders three templates for each row."""
        label = _("Select this object for an action - {}").format(obj)
        html = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'
        return format_html(html, ACTION_CHECKBOX_NAME, obj.pk, label)

    def lookup_allowed(self, lookup, value, request=None):
        # Otherwise anybody who sees the list could guess, letter by letter, fields that it does not show.
        return lookup in self.allowed_lookups or lookup in {
            listed.parameter_name for listed in self.get_list_filter(request) if hasattr(listed, "parameter_name")
        }


class UnrestrictedOnlyMixin:
    """For a ModelAdmin of what concerns all events: users who are limited to some have no access."""

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and not get_limited_access(request.user)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not get_limited_access(request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not get_limited_access(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not get_limited_access(request.user)


class EventTimeZoneMixin:
    """For a ModelAdmin: change and history pages use the time zone of the event, which is at `time_zone_path`."""

    time_zone_path = "time_zone"

    def get_time_zone_name(self, request, object_id: str | None) -> str:
        """Return the zone in the submitted form, else the event's, else the site's."""
        typed = request.POST.get("time_zone")
        if typed and typed in zoneinfo.available_timezones():
            return typed
        zones = self.model._default_manager.values_list(self.time_zone_path, flat=True)
        is_known = object_id and is_pk(key := unquote(object_id))
        return (zones.filter(pk=key).first() if is_known else None) or timezone.get_default_timezone_name()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        with timezone.override(self.get_time_zone_name(request, object_id)):
            return render_now(super().changeform_view(request, object_id, form_url, extra_context))

    def history_view(self, request, object_id, extra_context=None):
        with timezone.override(self.get_time_zone_name(request, object_id)):
            return render_now(super().history_view(request, object_id, extra_context))


def render_now(response):
    """Render a lazy response while the time zone is still active."""
    return response.render() if hasattr(response, "render") else response
