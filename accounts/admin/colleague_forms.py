"""The form of a colleague: a name, a role and events, of what the user may give."""

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminRadioSelect, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.colleagues import count_invitation, find_account
from accounts.models import Colleague
from accounts.roles import ROLES, get_role, list_offered_roles
from conference.admin.concurrent_edits import lock_edits
from conference.models import Event, get_limited_access
from registrations.forms.fields import NormalizedEmailField
from registrations.models import get_chosen_event


class ColleagueForm(forms.ModelForm):
    """A subclass has the `user` who fills it in."""

    user = None
    role = forms.ChoiceField(label=_("Role"), widget=AdminRadioSelect)
    has_all_events = forms.BooleanField(label=_("All conferences, also those to come"), required=False)
    events = forms.ModelMultipleChoiceField(
        Event.objects.none(),
        label=_("Conferences"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "ticks"}),
        help_text=_("The colleague will see these conferences and their people, and nothing of other conferences."),
    )

    class Meta:
        model = Colleague
        fields = ["first_name", "last_name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(name, ROLES[name]) for name in list_offered_roles(self.user)]
        self.fields["events"].queryset = Event.objects.visible_to(self.user).defer_long_texts().order_by("-starts_at")
        if get_limited_access(self.user):
            del self.fields["has_all_events"]
        if self.instance.pk:
            self.fill_in_access()

    def fill_in_access(self):
        access = get_limited_access(self.instance)
        self.initial["role"] = get_role(self.instance)
        self.initial["has_all_events"] = access is None
        self.initial["events"] = list(access.events.all()) if access else []

    def clean(self):
        super().clean()
        has_none = "events" in self.cleaned_data and not self.cleaned_data["events"]
        if has_none and not self.cleaned_data.get("has_all_events"):
            self.add_error("events", _("Please choose at least one conference."))
        return self.cleaned_data

    @property
    def chosen_events(self):
        """The events to restrict the colleague to; None for all."""
        return None if self.cleaned_data.get("has_all_events") else self.cleaned_data["events"]


class InvitationForm(ColleagueForm):
    """Invites somebody who has no account yet."""

    email = NormalizedEmailField(
        label=_("E-mail"),
        max_length=150,
        widget=AdminTextInputWidget,
        help_text=_("The invitation goes to this address, and the colleague will log in with it."),
    )
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)

    class Meta(ColleagueForm.Meta):
        fields = ["first_name", "last_name", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()
        chosen = get_chosen_event(self.user)
        self.fields["events"].initial = [chosen] if chosen else []
        self.fields["first_name"].required = self.fields["last_name"].required = True

    def clean(self):
        super().clean()
        if email := self.cleaned_data.get("email"):
            self.check_limit()
            lock_edits("invitation")  # so that of two at once the second finds the account of the first
            if account := find_account(email):
                self.add_error("email", self.explain_account(account))
        return self.cleaned_data

    def check_limit(self):
        if seconds := count_invitation(self.user):
            raise ValidationError(explain_invitations_limit(seconds))

    def explain_account(self, account):
        """Say that there is one, and lead to it if the user may see it."""
        colleague = Colleague.objects.visible_to(self.user).filter(pk=account.pk).first()
        if not colleague:
            return _("An account with this address exists already. Please ask an administrator to change it.")
        text = _("An account with this address exists already. Change it instead: {link}")
        url = reverse("admin:accounts_colleague_change", args=[colleague.pk])
        return format_html(str(text), link=format_html('<a href="{}">{}</a>', url, colleague))


def explain_invitations_limit(seconds: int) -> str:
    minutes = -(-seconds // 60)
    text = ngettext(
        "You have sent many invitations. Please send the next one in %(minutes)d minute.",
        "You have sent many invitations. Please send the next one in %(minutes)d minutes.",
        minutes,
    )
    return text % {"minutes": minutes}
