"""Error messages of attendees' forms that say what to do, not only what is wrong."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

FILL_IN = _("Please fill in this field.")
CHOOSE = _("Please choose an answer.")
SHORTEN = _("Please shorten this to %(limit_value)d characters; it has %(show_value)d now.")
CHOOSE_AGAIN = _("This option is no longer available. Please choose again.")
ADDRESS = _("Please check the e-mail address; it should look like name@example.org.")
NUMBER = _("Please enter a number, for example 12 or 2.5.")
SMALLER_NUMBER = _("Please enter a number with at most 11 digits, no more than 4 of them after the decimal point.")
DATE = _("Please enter a date, for example 19.09.2027.")
NEARER_DATE = _("Please enter a date between 1900 and 2100.")


def set_error_messages(fields: Iterable[forms.Field]) -> None:
    """Set the messages of each field, by the codes of Django's own errors."""
    for field in fields:
        field.error_messages |= get_error_messages(field)


def get_error_messages(field: forms.Field) -> dict[str, str]:
    match field:
        case forms.ChoiceField() | forms.ModelMultipleChoiceField():
            return {"required": CHOOSE, "invalid_choice": CHOOSE_AGAIN, "invalid_pk_value": CHOOSE_AGAIN}
        case forms.EmailField():
            return {"required": FILL_IN, "max_length": SHORTEN, "invalid": ADDRESS}
        case forms.DecimalField():
            too_long = dict.fromkeys(["max_digits", "max_decimal_places", "max_whole_digits"], SMALLER_NUMBER)
            return {"required": FILL_IN, "invalid": NUMBER, **too_long}
        case forms.DateField():
            return {"required": FILL_IN, "invalid": DATE, "min_value": NEARER_DATE, "max_value": NEARER_DATE}
    return {"required": FILL_IN, "max_length": SHORTEN}
