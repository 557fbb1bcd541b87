"""What the stock admin leaves open: nonsense in its addresses, questions it was not asked to answer, locks."""

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.shortcuts import redirect

from registrations import operations


class Careful:
    """For a ModelAdmin: answers only the look-ups of its own filters, and says so when the site is busy.

    `allowed_lookups` are those of the filters that `list_filter` names by a field.
    """

    allowed_lookups: set[str] = set()

    def lookup_allowed(self, lookup, value, request=None):
        # Else anybody who sees the list could ask letter by letter for what the list does not show.
        return lookup in self.allowed_lookups or lookup in {
            listed.parameter_name for listed in self.list_filter if hasattr(listed, "parameter_name")
        }

    def changelist_view(self, request, extra_context=None):
        chosen = request.POST.getlist("_selected_action")
        if not all(key.isascii() and key.isdigit() for key in chosen):
            raise SuspiciousOperation("Rows are chosen by their numbers.")
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            with operations.busy_when_locked_out():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except operations.Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
