"""Status: the last of each process, and what changed, gaps in the evidence included."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from core.models import JournalEntry
from policies.models import OpaChange, OpaInstance
from registry.models import Workspace
from tests.factories import administrator, make_workspace, token_client
from tests.policies.fleet.estate import client_of, register, send_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Workspace:
    return make_workspace("fleet-prod", stage="production")


@pytest.fixture
def opa(place: Workspace) -> APIClient:
    return client_of(register(place, name="edge"))


def running(revision: str = "r1", dropped: int = 0, **bundle: Any) -> dict[str, Any]:
    return {
        "bundles": {"muniment": {"name": "muniment", "active_revision": revision, **bundle}},
        "plugins": {"bundle": {"state": "OK"}},
        "metrics": {
            "prometheus": {
                "counter_decision_logs_dropped_rate_limit_exceeded": dropped,
                "decision_logs_dropped_rate_limit_exceeded_total": {
                    "type": "COUNTER",
                    "metric": [{"counter": {"value": dropped}}],
                },
                "go_memstats_next_gc_bytes": {"metric": [{"gauge": {"value": 2**63}}]},
            }
        },
    }


def seen() -> dict[str, Any]:
    (opa,) = token_client(administrator()).get("/api/policies/opas/").json()["results"]
    (instance,) = opa["instances"]
    found: dict[str, Any] = instance
    return found


def test_the_last_status_is_kept_and_only_a_change_is_told(opa: APIClient) -> None:
    for revision in ("r1", "r1", "r2"):
        assert send_status(opa, **running(revision)).status_code == 204

    assert seen()["revision"] == "r2"
    assert list(OpaChange.objects.values_list("revision", flat=True)) == ["r1", "r2"]
    assert JournalEntry.objects.filter(action="policies.opa.status_changed").count() == 2
    kept = OpaInstance.objects.get().status["metrics"]["prometheus"]
    assert "go_memstats_next_gc_bytes" not in kept


def test_a_bundle_that_did_not_come_alive_is_a_problem(opa: APIClient) -> None:
    send_status(opa, **running())
    told: dict[str, Any] = {
        "code": "bundle_error",
        "message": "failed to verify",
        "http_code": "200",
    }
    send_status(opa, **running(**told))

    assert seen()["problems"] == ["bundle muniment: bundle_error failed to verify"]
    assert seen()["revision"] == "r1"
    send_status(opa, **running())
    assert seen()["problems"] == []


def test_a_plugin_in_error_and_failing_logs_are_problems(opa: APIClient) -> None:
    status = running() | {
        "plugins": {"status": {"state": "ERROR", "message": "no"}},
        "decision_logs": {"code": "decision_log_error", "message": "401"},
    }
    send_status(opa, **status)

    assert seen()["problems"] == ["decision logs: decision_log_error 401", "plugin status: no"]


def test_dropped_decisions_are_gaps_counted_once_also_after_a_restart(opa: APIClient) -> None:
    for dropped in (0, 3, 3, 10, 2):
        send_status(opa, **running(dropped=dropped))

    assert list(OpaChange.objects.values_list("lost", flat=True)) == [0, 3, 7, 2]
    gaps = token_client(administrator()).get("/api/policies/opa-changes/", {"has_gap": "true"})
    assert [each["lost"] for each in gaps.json()["results"]] == [2, 7, 3]
    assert all(each["previous_status_at"] for each in gaps.json()["results"])


def test_a_process_that_fell_silent_is_stale(opa: APIClient) -> None:
    send_status(opa, **running())
    assert not seen()["is_stale"]

    OpaInstance.objects.update(last_status_at=timezone.now() - timedelta(hours=1))

    assert seen()["is_stale"]


@pytest.mark.parametrize("body", ["[]", '{"labels": []}', "{"])
def test_what_is_no_status_is_refused(opa: APIClient, body: str) -> None:
    answer = opa.generic("POST", "/opa/status", body, content_type="application/json")

    assert answer.status_code == 400
    assert not OpaInstance.objects.exists()
