"""Sampled production rows: collected once, read by few, gone in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.journal import decode
from registry.models import ProductionSample
from registry.services.serving import samples, windows
from tests.factories import member, token_client
from tests.registry.deployments.conftest import Site, journalled
from tests.registry.deployments.test_serving import NOON


def sample(site: Site, **changes: Any) -> Any:
    now = timezone.now()
    told: dict[str, Any] = {
        "external_id": "request-1",
        "version": site.version.digest,
        "occurred_at": NOON,
        "retain_until": now + timedelta(days=1),
        "features": {"length": 12, "language": "en"},
        "input_text": "my secret question",
        "has_personal_data": True,
        "personal_data": ["name"],
    }
    return told | changes


def collect(site: Site, *told: Any) -> windows.Taken:
    return samples.collect(
        actor=site.deployer, deployment=site.deployment.uuid, source="gateway", samples=told
    )


def test_samples_are_collected_once_and_the_journal_holds_no_word_of_them(site: Site) -> None:
    assert collect(site, sample(site), sample(site, external_id="2")).recorded == 2
    assert collect(site, sample(site)).repeated == 1
    with pytest.raises(Conflict):
        collect(site, sample(site, input_text="another"))

    (entry,) = journalled("registry.samples.collected")
    assert "secret" not in bytes(entry.body).decode()
    assert decode(entry)["data"]["with_personal_data"] == 2


def test_texts_are_for_those_who_report_or_audit(site: Site) -> None:
    collect(site, sample(site))
    address = f"/api/registry/deployments/{site.deployment.uuid}/samples/"
    seen = {
        role: token_client(member(site.team.prod, role)).get(address).json()["results"][0]
        for role in ("reader", "deployer", "auditor")
    }

    assert {role: row["input_text"] for role, row in seen.items()} == {
        "reader": None,
        "deployer": "my secret question",
        "auditor": "my secret question",
    }
    assert seen["reader"]["features"] == {"length": 12, "language": "en"}


def test_what_is_over_is_deleted_and_the_journal_tells_how_many(site: Site) -> None:
    collect(site, *[sample(site, external_id=str(index)) for index in range(3)])
    kept = sample(site, external_id="kept", retain_until=timezone.now() + timedelta(days=9))
    collect(site, kept)
    later = timezone.now() + timedelta(days=2)

    assert samples.purge_some(later) == 3
    assert samples.purge_some(later) == 0
    assert ProductionSample.objects.get().external_id == "kept"
    (entry,) = journalled("registry.samples.purged")
    assert (decode(entry)["data"]["count"], decode(entry)["actor"]["kind"]) == (3, "system")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"retain_until": NOON}, "retain_until"),
        ({"features": {"x": float("inf")}}, "features.x"),
        ({"features": {"x": [1]}}, "features.x"),
        ({"features": {"x": 10**400}}, "features.x"),
        ({"features": {"x": 2**60}}, "features.x"),
        ({"features": {"x": True}}, "features.x"),
        ({"occurred_at": timezone.now() + timedelta(days=1)}, "occurred_at"),
        ({"has_personal_data": False}, "personal_data"),
    ],
)
def test_a_bad_sample_is_refused(site: Site, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        collect(site, sample(site, **changes))

    assert caught.value.errors[0].field == f"samples[0].{field}"
    assert not ProductionSample.objects.exists()
