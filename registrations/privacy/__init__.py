"""What is stored about a person: exporting and erasing it."""

from registrations.privacy.data_export import export_personal_data
from registrations.privacy.erasure import erase_due_needs, erase_person
