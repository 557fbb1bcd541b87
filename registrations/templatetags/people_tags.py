"""The headers of the list of people."""

from django import template
from django.contrib.admin.templatetags.admin_list import result_headers

register = template.Library()


@register.inclusion_tag("admin/registrations/registration/_headers.html")
def people_headers(changelist) -> dict:
    """Django's headers, each with a link that sorts by it."""
    return {"headers": list(result_headers(changelist))}
