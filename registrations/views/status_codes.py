"""HTTP status codes for operations that were refused."""

from registrations import operations


def get_error_status(error: operations.OperationError) -> int:
    """Return 503 when the site is too busy to try, 409 for any other refusal."""
    return 503 if isinstance(error, operations.Busy) else 409
