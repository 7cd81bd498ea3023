"""A workspace in which two things fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audits.models import Finding
from core import consumers, sequencer
from tests.audits.conftest import house  # noqa: F401 - a fixture
from tests.audits.estate import scan
from tests.policies.estate import OPEN, assign, make_policy, submit

if TYPE_CHECKING:
    from tests.audits.conftest import House


@pytest.fixture
def failing(house: House) -> list[Finding]:  # noqa: F811
    """Two open findings of severity high, in the order of their subjects."""
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN, external_id="a")
    submit(house.dev, OPEN, external_id="b")
    scan(house, "audit-dev")
    return list(Finding.objects.order_by("subject"))


def tell_consumers() -> None:
    """Place what was journalled, and tell everybody of it."""
    while sequencer.sequence_pending() or consumers.drain_all():
        pass
