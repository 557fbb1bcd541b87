"""Tests that need the machine, or all of a server's connections, for themselves are on one worker."""

import pytest


@pytest.mark.xdist_group("example")
def test_tests_of_a_group_are_on_one_worker(request):
    """pytest-xdist distributes by what follows the @, which it adds to the names that workers report."""
    is_worker = hasattr(request.config, "workerinput")
    assert request.node.nodeid.endswith("@example") == is_worker
