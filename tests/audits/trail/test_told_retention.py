"""What other systems told goes when it is old, and the digest over it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from audits.services import holds
from core.canonical import canonical_digest, sha256
from core.models import User
from lineage.models import ReceivedEvent
from policies.models import FleetDecision, Opa
from tests.audits.estate import journalled
from tests.audits.trail.test_retention import apply, long_ago, rule
from tests.factories import make_user

if TYPE_CHECKING:
    from registry.models import Workspace
    from tests.audits.conftest import House


def received(house: House, place: Workspace, name: str, *, days: int = 400) -> ReceivedEvent:
    assert house.admin.user is not None
    return ReceivedEvent.objects.create(
        workspace=place,
        digest=sha256(name.encode()),
        kind="DATASET",
        event_time=long_ago(days),
        body=name.encode(),
        received_at=long_ago(days),
        received_by=house.admin.user,
    )


def test_what_other_systems_told_goes_and_the_digest_of_it_stays(house: House) -> None:
    gone, kept = received(house, house.dev, "old"), received(house, house.dev, "new", days=80)
    speaker = make_user("edge-opa", kind=User.Kind.SERVICE)
    opa = Opa.objects.create(workspace=house.dev, name="edge", user=speaker)
    logged = FleetDecision.objects.create(
        opa=opa,
        decision_id="one",
        event={},
        digest=sha256(b"one"),
        decided_at=long_ago(),
        received_at=long_ago(),
    )
    rule(house, "received_events")
    rule(house, "fleet_decisions")

    counts = apply(house)

    assert {name: told["count"] for name, told in counts.items()} == {
        "received_events": 1,
        "fleet_decisions": 1,
    }
    assert list(ReceivedEvent.objects.all()) == [kept]
    assert not FleetDecision.objects.exists()
    told = {entry.subject: entry.subject_digest for entry in journalled("audits.retention.applied")}
    assert told == {
        "retention/received_events": canonical_digest([gone.digest]),
        "retention/fleet_decisions": canonical_digest([logged.digest]),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.delete()


def test_a_hold_on_the_workspace_keeps_what_other_systems_told(house: House) -> None:
    received(house, house.dev, "held")
    received(house, house.prod, "free")
    actor, slug = house.admin, house.dev.slug
    holds.place(actor=actor, scope="workspace", target=slug, reason="Case 4711")
    rule(house, "received_events")

    assert apply(house) == {"received_events": {"days": 365, "count": 1, "held": 1}}
    assert [bytes(each.body) for each in ReceivedEvent.objects.all()] == [b"held"]
