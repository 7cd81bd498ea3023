"""Findings follow at once where an exemption begins or ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from audits.models import Finding, Scan
from core import consumers, sequencer
from core.tasks import claim_and_run
from policies.services import exemptions
from tests.audits.conftest import House
from tests.audits.estate import scan
from tests.policies.estate import OPEN, assign, exempt, make_policy, submit

pytestmark = pytest.mark.django_db


def settle() -> None:
    """Let the worker do all that it would."""
    while sequencer.sequence_pending() or consumers.drain_all() or claim_and_run():
        pass


def test_a_finding_is_exempt_as_soon_as_its_exemption_is_granted_and_open_when_it_ends(
    house: House,
) -> None:
    rule = assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    scan(house, "audit-dev")
    settle()
    assert Finding.objects.get().state == "open"

    owner = house.member("owner", dev="admin")
    soon = timezone.now() + timedelta(days=3)
    granted = exempt(rule, house.dev, asked_by=owner, expires_at=soon)
    settle()
    assert Finding.objects.get().state == "exempt"

    exemptions.end(actor=house.admin, exemption=granted.uuid, reason="The move is over.")
    settle()

    assert Finding.objects.get().state == "open"
    assert Scan.objects.count() == 3
    assert Scan.objects.latest("id").requested_by is None
