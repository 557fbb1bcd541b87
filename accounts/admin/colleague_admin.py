"""The admin page of colleagues: who works here, in which role and for which conferences."""

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from accounts.admin.colleague_forms import ColleagueForm, InvitationForm
from accounts.admin.colleague_views import DEEDS, build_deed_paths, list_possible_deeds
from accounts.colleagues import add_colleague, can_manage, get_state, set_events
from accounts.models import Colleague
from accounts.roles import ROLES, get_role, list_abilities, set_role
from conference.admin.field_values import describe_value
from conference.admin.mixins import EventScopedAdmin
from conference.models import Event, LimitedAccess, get_limited_access
from registrations.admin.guide_anchors import GUIDE_ANCHORS
from registrations.admin.menu import SHARED_PAGES, MenuPage, name_pages

NAMES = ["first_name", "last_name"]
READ_ONLY = ["email", "state", "last_login", "two_steps"]
SHOWN = [*NAMES, *READ_ONLY, "role", "conferences"]

SHARED_PAGES.insert(
    2,
    MenuPage(
        gettext_lazy("Colleagues"),
        "accounts_colleague_changelist",
        ("accounts.view_colleague",),
        below=name_pages("accounts_colleague", "add", "change", "history", *DEEDS),
    ),
)
GUIDE_ANCHORS["accounts_colleague_changelist"] = "colleagues"


@admin.register(Colleague)
class ColleagueAdmin(EventScopedAdmin):
    """Adding is inviting. Nobody is deleted; users without further rights are changed here by their equals."""

    list_display = ["name", "role", "conferences", "last_login", "state", "two_steps"]
    search_fields = ["first_name", "last_name", "email", "username"]
    actions = None

    def get_urls(self):
        return [*build_deed_paths(), *super().get_urls()]

    def get_queryset(self, request):
        """With what the list shows of each: the events that the user may see, and whether there are others."""
        visible = Event.objects.visible_to(request.user).defer_long_texts()
        hidden = LimitedAccess.objects.filter(user=OuterRef("pk"), events__in=Event.objects.exclude(pk__in=visible))
        factors = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        found = super().get_queryset(request).annotate(has_factor=Exists(factors), has_hidden_events=Exists(hidden))
        shown = Prefetch("limited_access__events", visible.order_by("-starts_at"), to_attr="shown_events")
        return found.with_invitation().select_related("limited_access").prefetch_related("groups", shown)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or can_manage(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        base = ColleagueForm if obj else InvitationForm
        form = type(base.__name__, (base,), {"user": request.user})
        return super().get_form(request, obj, change=change, **{**kwargs, "form": form, "fields": form.Meta.fields})

    def get_fields(self, request, obj=None):
        if obj and not self.has_change_permission(request, obj):
            return SHOWN
        access = ["role", *([] if get_limited_access(request.user) else ["has_all_events"]), "events"]
        return [*NAMES, *READ_ONLY, *access] if obj else [*NAMES, "email", *access, "language"]

    def get_readonly_fields(self, request, obj=None):
        if obj and not self.has_change_permission(request, obj):
            return SHOWN
        return READ_ONLY if obj else []

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        can_change = bool(obj) and self.has_change_permission(request, obj)
        context |= {
            "roles": ROLES.values(),
            "abilities": list_abilities(),
            "deeds": list_possible_deeds(obj) if can_change else [],
            "can_see_history": not get_limited_access(request.user),
            "is_own": bool(obj) and obj.pk == request.user.pk,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(self, request, object_id, extra_context=None):
        """Not for users who see some events only: it names all that the colleague was given."""
        if get_limited_access(request.user):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {**(extra_context or {}), "title": gettext("Colleagues")})

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, {**(extra_context or {}), "title": gettext("Invite a colleague")})

    def response_add(self, request, obj, post_url_continue=None):
        messages.success(request, gettext("The invitation is being sent to %(address)s.") % {"address": obj.email})
        return self.response_post_save_add(request, obj)

    def save_model(self, request, obj, form, change):
        if not change:
            add_colleague(obj, form.cleaned_data["role"], form.chosen_events, form.cleaned_data["language"])
            return
        super().save_model(request, obj, form, change)
        if "role" in form.changed_data:
            set_role(obj, form.cleaned_data["role"])
        if {"events", "has_all_events"} & set(form.changed_data):
            set_events(obj, form.chosen_events)

    def construct_change_message(self, request, form, formsets, add=False):
        """Say which role and events were given, in place of which."""
        told = {
            name: describe_value(form.fields[name], form.cleaned_data[name])[0]
            for name in ("role", "events")
            if add or name in form.changed_data
        }
        if form.cleaned_data.get("has_all_events") and (add or "has_all_events" in form.changed_data):
            told["events"] = pgettext("conferences", "all")
        if add:
            return gettext("Invited. Role: %(role)s. Conferences: %(events)s.") % told
        before = {name: describe_value(form.fields[name], form.initial.get(name))[0] for name in told}
        others = [str(form.fields[name].label) for name in form.changed_data if name not in told]
        changed = [f"{form.fields[name].label}: {before[name]} → {text}" for name, text in told.items()]
        return [{"changed": {"fields": [*others, *changed]}}] if form.changed_data else []

    @admin.display(description=pgettext_lazy("person", "name"), ordering="first_name")
    def name(self, colleague):
        return str(colleague)

    @admin.display(description=gettext_lazy("role"))
    def role(self, colleague):
        if colleague.is_superuser:
            return gettext("Administrator")
        return ROLES.get(get_role(colleague)) or gettext("special permissions")

    @admin.display(description=gettext_lazy("conferences"))
    def conferences(self, colleague):
        access = get_limited_access(colleague)
        if access is None:
            return pgettext("conferences", "all")
        others = [gettext("and others")] if colleague.has_hidden_events else []
        return ", ".join([*map(str, access.shown_events), *others]) or pgettext("conferences", "none")

    @admin.display(description=gettext_lazy("account"))
    def state(self, colleague):
        return get_state(colleague)

    @admin.display(description=gettext_lazy("two-step log-in"))
    def two_steps(self, colleague):
        return gettext("yes") if colleague.has_factor else gettext("no")
