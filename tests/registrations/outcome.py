"""What tests ask after something was done."""


def statuses(event) -> list[str]:
    return list(event.registrations.order_by("pk").values_list("status", flat=True))


def kinds(registration) -> list[str]:
    return list(registration.emails.order_by("pk").values_list("kind", flat=True))
