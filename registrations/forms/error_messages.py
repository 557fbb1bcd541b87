"""What attendees read about a field that is wrong."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

# By the codes of Django's own errors.
ERROR_MESSAGES = {
    "required": _("Please fill in this field."),
    "max_length": _("Please shorten this to %(limit_value)d characters; it has %(show_value)d now."),
    **dict.fromkeys(
        ["invalid_choice", "invalid_pk_value"], _("This option is no longer available. Please choose again.")
    ),
    **dict.fromkeys(
        ["max_digits", "max_decimal_places", "max_whole_digits"],
        _("Please enter a number with at most 11 digits, no more than 4 of them after the decimal point."),
    ),
    **dict.fromkeys(["min_value", "max_value"], _("Please enter a date between 1900 and 2100.")),
}
OWN_ERROR_MESSAGES = {
    forms.ChoiceField: {"required": _("Please choose an answer.")},
    forms.EmailField: {"invalid": _("Please check the e-mail address; it should look like name@example.org.")},
    forms.DecimalField: {"invalid": _("Please enter a number, for example 12 or 2.5.")},
    forms.DateField: {"invalid": _("Please enter a date, for example 19.09.2027.")},
}


def set_error_messages(fields: Iterable[forms.Field]) -> None:
    """Replace Django's messages, which organisers see, by those for attendees."""
    for field in fields:
        field.error_messages |= ERROR_MESSAGES
        for kind, messages in OWN_ERROR_MESSAGES.items():
            if isinstance(field, kind):
                field.error_messages |= messages
