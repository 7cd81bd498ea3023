"""Which outputs predate the withdrawal of a version, and which do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import NotFound
from registry.models import AssetVersion
from registry.queries.exposure import exposure_of
from registry.services import lifecycle
from registry.services.deployments import revisions, states
from registry.services.serving import drafts, samples, windows
from tests.factories import (
    administrator,
    make_actor,
    make_dataset,
    make_flow,
    make_model,
    member,
    reference,
    token_client,
)
from tests.registry.deployments.conftest import Site, make_site, shares


class Incident:
    """A dataset from which a model was trained that a flow uses, promoted and served."""

    def __init__(self) -> None:
        self.site = make_site()
        team = self.site.team
        self.data = make_dataset(team.dev)
        flow = make_flow(team.dev, [make_model(team.dev, trained_on=[self.data])])
        promoted = team.promote(flow).target_version
        assert promoted is not None
        self.served: AssetVersion = promoted
        self.site.revise(members=shares(promoted), owner_contact="=desk")
        states.report(
            actor=self.site.deployer, deployment=self.site.deployment.uuid, state="running"
        )

    def serve(self, start: datetime, end: datetime, requests: int) -> None:
        told: Any = {
            "version": self.served.digest,
            "start": start,
            "end": end,
            "requests": requests,
        }
        windows.report(
            actor=self.site.deployer,
            deployment=self.site.deployment.uuid,
            source="gateway",
            windows=[told],
        )

    def withdraw(self) -> datetime:
        changed = lifecycle.change(
            actor=administrator(), version=self.data.uuid, state="withdrawn", reason="stolen"
        )
        assert changed.standing is not None
        return changed.standing.valid_from


@pytest.fixture
def incident(db: None) -> Incident:
    return Incident()


def test_what_rests_on_a_withdrawn_dataset_is_told_before_and_after(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "SKEW", timedelta(days=1))
    at = incident.withdraw()
    hour = timedelta(hours=1)
    incident.serve(at - 3 * hour, at - 2 * hour, 10)
    incident.serve(at - hour, at + hour, 5)
    incident.serve(at + hour, at + 2 * hour, 3)

    found = exposure_of(administrator(), reference(incident.data))

    (row,) = found.rows
    assert found.withdrawn_at == at
    assert (row["version"], row["revisions"]) == (reference(incident.served), [2])
    assert row["serves_now"]
    assert (row["requests_before"], row["requests_across"], row["requests_after"]) == (10, 5, 3)
    assert found.totals["requests"] == 18
    assert row["first_served_at"] == at - 3 * hour


def test_samples_are_counted_by_when_they_happened(incident: Incident) -> None:
    at = incident.withdraw()
    told: list[Any] = [
        {
            "external_id": str(index),
            "version": incident.served.digest,
            "occurred_at": at + timedelta(seconds=offset),
            "retain_until": timezone.now() + timedelta(days=1),
            "has_personal_data": False,
        }
        for index, offset in enumerate((-2, -1, 1))
    ]
    samples.collect(
        actor=incident.site.deployer,
        deployment=incident.site.deployment.uuid,
        source="gateway",
        samples=told,
    )

    totals = exposure_of(administrator(), reference(incident.data)).totals

    assert (totals["samples_before"], totals["samples_after"]) == (2, 1)


def test_of_what_is_not_withdrawn_all_is_before(incident: Incident) -> None:
    now = timezone.now()
    incident.serve(now - timedelta(hours=2), now - timedelta(hours=1), 10)

    found = exposure_of(administrator(), reference(incident.data))

    assert (found.withdrawn_at, found.totals["requests_before"]) == (None, 10)


def test_nobody_is_told_of_deployments_that_they_may_not_see(incident: Incident) -> None:
    author = member(incident.site.team.dev, "author")

    assert exposure_of(author, reference(incident.data)).rows == []
    with pytest.raises(NotFound):
        exposure_of(make_actor(), reference(incident.data))


def test_the_answer_comes_as_csv_that_no_spreadsheet_runs(incident: Incident) -> None:
    client = token_client(administrator())
    address = f"/api/registry/deployments/exposure/?ref={reference(incident.data)}"

    answer = client.get(f"{address}&format=csv")

    header, row = answer.content.decode().splitlines()
    assert answer["Content-Type"].startswith("text/csv")
    assert header.startswith("workspace,deployment,name,version")
    assert ",'=desk," in row
    assert client.get(address).json()["rows"][0]["version"] == reference(incident.served)


def test_it_costs_the_same_with_more_deployments(incident: Incident) -> None:
    site: Site = incident.site

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            exposure_of(administrator(), reference(incident.data))
        return len(captured)

    before = cost()
    for name in ("a", "b", "c"):
        revisions.create(
            actor=site.deployer,
            workspace=site.team.prod.slug,
            name=name,
            members=shares(incident.served),
        )

    assert cost() == before
    assert len(exposure_of(administrator(), reference(incident.data)).rows) == 4
