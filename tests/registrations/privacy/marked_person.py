"""A registration whose texts can be found wherever they are stored."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery, outbox
from registrations.models import Change, Mailing, OutgoingEmail, Registration
from tests.factories import build_registration, make_user

MARKS = {
    "first_name": "Annamarka",
    "last_name": "Uzvardsmarka",
    "email": "epastsmarka@example.lv",
    "new_email": "jaunaismarka@example.lv",
    "organisation": "Organizacijasmarka",
    "job_title": "Amatsmarka",
    "internal_note": "Piezimesmarka",
    "tags": ["Birkasmarka"],
}


def register_marked(event, **values) -> Registration:
    """Register somebody whose texts can be found wherever they are stored, with e-mails and a history."""
    registration, _has_place = operations.register(
        build_registration(event, answers={"lunch": "Pusdienumarka"}, **MARKS, **values), topics=event.topics.all()
    )
    outbox.queue_all(
        [registration],
        OutgoingEmail.Kind.MESSAGE,
        mailing=Mailing.objects.create(subject="To {first_name}", text="Dear {first_name} {last_name}"),
    )
    outbox.queue_links(MARKS["email"].upper(), "lv")
    delivery.send_due()
    failed = outbox.queue(registration, OutgoingEmail.Kind.CHANGED)
    failed.mark_failed(timezone.now(), f"SMTPRecipientsRefused: {MARKS['email']}", for_good=True)
    failed.save()
    outbox.queue(registration, OutgoingEmail.Kind.REGISTERED)  # still to be sent
    Change.objects.create(registration=registration, actor="person", field="email", old="Vecamarka", new="Jaunamarka")
    LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(Registration),
        object_id=str(registration.pk),
        object_repr=registration.reference,
        action_flag=CHANGE,
        change_message="Zurnalsmarka",
    )
    return registration
