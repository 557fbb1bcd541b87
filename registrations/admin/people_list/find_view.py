"""The search above every page: it leads to the person, or to the list of all who are found."""

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse

from conference.text.search_words import is_search_shortened
from registrations.admin.extra_pages import admin_view
from registrations.models import Registration


@admin_view(Registration, "view", of_chosen_event=True)
def find_view(request):
    words = request.GET.get("q", "")
    if words and not is_search_shortened(words):  # the list tells of it
        shown = admin.site.get_model_admin(Registration).get_changelist_instance(request)
        if shown.result_count == 1:
            return redirect("admin:registrations_registration_change", shown.result_list[0].pk)
    people = reverse("admin:registrations_registration_changelist")
    return redirect(f"{people}?{request.GET.urlencode()}".rstrip("?"))
