"""What is true after every race."""

import pytest

from registrations import operations


@pytest.fixture(autouse=True)
def _counts_agree(transactional_db):
    """The counts that triggers keep are what is counted."""
    yield
    assert operations.find_wrong_counts() == []
