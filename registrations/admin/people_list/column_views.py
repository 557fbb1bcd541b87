"""Choosing the columns of the list of people."""

import re

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from registrations.admin.extra_pages import admin_view
from registrations.models import AdminPreferences, Registration

MAX_COLUMNS = 60  # more than any event asks
COLUMN_NAME = re.compile(rf"[\w.-]{{1,{AdminPreferences._meta.get_field('columns').base_field.max_length}}}")


@admin_view(Registration, "view")
@require_POST
def columns_view(request):
    """Remember the columns that the user wants to see. Names that are none are not shown."""
    columns = [name for name in request.POST.getlist("columns")[:MAX_COLUMNS] if COLUMN_NAME.fullmatch(name)]
    AdminPreferences.objects.update_or_create(user=request.user, defaults={"columns": columns})
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if is_ours else reverse("admin:registrations_registration_changelist"))
