"""What to tell visitors when the database does not do its part."""

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.utils.translation import gettext as _
from psycopg2.errors import (
    FeatureNotSupported,
    IdleInTransactionSessionTimeout,
    QueryCanceled,
    ReadOnlySqlTransaction,
)

# The second: a replica cannot even read the table of request counts, which is unlogged.
READ_ONLY = ReadOnlySqlTransaction, FeatureNotSupported


def explain_outage(error: BaseException, *, is_post: bool) -> tuple[str, str] | None:
    """Return the title and the text of a page about `error`; None if it is the site's own fault."""
    title = _("The site is temporarily unavailable")
    # If the connection breaks at a commit, or after an earlier one, nobody knows whether anything was saved.
    uncertain = _(
        "We cannot tell whether what you sent was saved. If you get a confirmation e-mail, it was. If "
        "not, please go back in a few minutes and send it again; sending it twice does no harm."
    )
    if isinstance(error.__cause__, READ_ONLY):
        lost = _("What you sent was not saved. Please go back in a few minutes and send it again.")
        return title, lost if is_post else _("Nothing can be saved now. Please try again in a few minutes.")
    if isinstance(error.__cause__, QueryCanceled):
        less = _("Please ask for less, for example with a narrower search or filter, or try again in a few minutes.")
        return _("This took too long and was stopped"), uncertain if is_post else less
    if is_outage(error):
        return title, uncertain if is_post else _(
            "Part of the site is not responding. Please try again in a few minutes."
        )
    return None


def is_outage(error: BaseException) -> bool:
    """Whether the database is out of reach, restarts, is full or overloaded, or breaks off in the middle."""
    if isinstance(error, InternalError):
        return isinstance(error.__cause__, IdleInTransactionSessionTimeout)
    has_no_code = type(error) is DatabaseError and not getattr(error.__cause__, "pgcode", None)
    return has_no_code or isinstance(error, OperationalError | InterfaceError)
