"""What the database computes of tickets."""

from django.db.models import CharField, Func


class GeneratedTicketCode(Func):
    """A new code, by the function that migration 0019 makes."""

    function = "registrations_generate_ticket_code"
    template = "%(function)s()"
    arity = 0
    output_field = CharField()


class TicketKey(Func):
    """What stands for a code where nobody may know it, such as on a phone: see `ticket_codes.compute_ticket_key`."""

    template = "left(encode(sha256((%(expressions)s)::bytea), 'hex'), 32)"
    arity = 1
    output_field = CharField()
