"""The list of registrations, the page of each, and the pages that lie below them."""

from registrations.admin.registrations import registration_admin
