"""Scans: what they ask, what they leave, and who may have them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from audits.models import Finding, Scan
from audits.services import scans
from core import tasks
from core.errors import AccessDenied, InvalidInput
from registry.services import aliases
from registry.services.promotions import request
from tests.audits.conftest import finish_tasks
from tests.audits.estate import journalled, scan, states
from tests.factories import make_prompt, reference
from tests.policies.estate import (
    CLOSED,
    OPEN,
    TICKET_RULE,
    assign,
    exempt,
    make_policy,
    proposing,
    submit,
)

if TYPE_CHECKING:
    from tests.audits.conftest import House

SCANS = "/api/audits/scans/"


def test_rules_that_would_mend_one_thing_differently_are_a_conflict_and_a_finding(
    house: House,
) -> None:
    for value in (False, "closed"):
        assign(proposing(value), house.dev, "modify")
    submit(house.dev, OPEN)

    done = scan(house, "audit-dev")

    assert done.counts is not None
    assert done.counts["conflict"] == 2
    assert set(done.results.values_list("state", "underlying")) == {("conflict", "fail")}
    assert Finding.objects.filter(state="open").count() == 2


def test_a_scan_leaves_a_result_for_every_subject_passes_included(house: House) -> None:
    policy = make_policy()
    assign(policy, house.dev, "audit")
    submit(house.dev, CLOSED, external_id="closed")
    submit(house.dev, OPEN, external_id="open")
    submit(house.dev, {}, external_id="silent")

    done = scan(house, "audit-dev")

    kind = "Acme.MachineLearning/workspaces"
    assert states(done) == {
        f"{kind} closed": "pass",
        f"{kind} open": "fail",
        f"{kind} silent": "unknown",
    }
    assert done.counts == {
        "pass": 1,
        "fail": 1,
        "unknown": 1,
        "error": 0,
        "exempt": 0,
        "conflict": 0,
        "not_applicable": 0,
    }
    assert done.tools is not None
    assert done.tools[0].startswith("muniment ")
    assert done.tools[1].startswith("regopy ")


def test_a_workspace_without_configuration_is_unknown_and_never_passes(house: House) -> None:
    assign(make_policy(), house.dev, "audit")

    done = scan(house, "audit-dev")

    result = done.results.select_related("decision").get()
    assert (result.subject, result.state) == ("audit-dev", "unknown")
    assert "has been submitted" in result.decision.findings[0]["msg"]
    assert not Finding.objects.exists()


def test_a_policy_that_gives_no_verdict_is_an_error_and_never_passes(house: House) -> None:
    assign(make_policy("verdict := 5\n", checked=False), house.dev, "audit")
    submit(house.dev, CLOSED)

    done = scan(house, "audit-dev")

    assert list(states(done).values()) == ["error"]
    assert not Finding.objects.exists()


def test_an_exemption_covers_a_failure_and_leaves_it_visible(house: House) -> None:
    rule = assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    owner = house.member("owner", dev="admin")
    soon = timezone.now() + timedelta(days=1)
    granted = exempt(rule, house.dev, asked_by=owner, expires_at=soon)

    done = scan(house, "audit-dev")

    result = done.results.get()
    assert (result.state, result.underlying) == ("exempt", "fail")
    assert result.exemption_id == granted.pk
    assert Finding.objects.get().state == "exempt"
    assert len(journalled("audits.finding.exempted")) == 1


def test_what_stands_under_a_protected_alias_is_asked_whether_it_would_pass_today(
    house: House,
) -> None:
    brought = make_prompt(house.dev, name="brought")
    request.promote(
        actor=house.admin,
        source=reference(brought),
        target="audit-prod",
        alias="production",
        reason="because",
    )
    made_here = make_prompt(house.prod, name="made-here")
    aliases.move(
        actor=house.admin,
        asset="audit-prod/prompt/made-here",
        alias="production",
        to=made_here.number,
        reason="by hand",
    )
    assign(make_policy(TICKET_RULE, kinds=("promotion/prompt",)), house.prod, "audit")

    done = scan(house, "audit-prod")

    assert states(done) == {
        "audit-prod/prompt/brought@production": "fail",
        "audit-prod/prompt/made-here@production": "unknown",
    }
    assert Finding.objects.get().subject == "audit-prod/prompt/brought@production"


def test_a_scan_without_named_workspaces_covers_what_the_caller_may_scan(house: House) -> None:
    auditor = house.member("auditor", dev="auditor", prod="reader")

    own = scans.start(actor=auditor)
    whole = scans.start(actor=house.admin)

    assert (own.scope, [w.slug for w in own.workspaces.all()]) == ("workspaces", ["audit-dev"])
    assert whole.scope == "organisation"
    assert {w.slug for w in whole.workspaces.all()} >= {"audit-dev", "audit-prod"}


def test_scanning_needs_the_right_in_each_workspace(house: House) -> None:
    mixed = house.member("mixed", dev="auditor", prod="reader")

    with pytest.raises(AccessDenied):
        scans.start(actor=mixed, workspaces=["audit-dev", "audit-prod"])
    with pytest.raises(InvalidInput):
        scans.start(actor=house.member("outsider"), workspaces=["audit-dev"])
    with pytest.raises(AccessDenied):
        scans.start(actor=house.member("nobody"))
    assert not Scan.objects.exists()


def test_the_nightly_scan_is_there_to_be_enabled(house: House) -> None:
    row = PeriodicTask.objects.get(name="Scan the organisation every night")
    assert not row.enabled
    assert row.task == "core.enqueue_task"

    tasks.enqueue("audits.scan_organisation")
    finish_tasks()

    done = Scan.objects.get()
    assert (done.scope, done.requested_by, done.completed_at is None) == (
        "organisation",
        None,
        False,
    )


def test_a_scan_is_started_and_followed_over_http(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    client = house.client(house.member("auditor", dev="auditor"))

    answer = client.post(SCANS, {"workspaces": ["audit-dev"]})
    assert answer.status_code == 202
    started = answer.json()
    assert (started["status"], started["counts"]) == ("queued", None)
    finish_tasks()

    done = client.get(f"{SCANS}{started['uuid']}/").json()
    assert done["status"] == "completed"
    assert done["progress"] == {"done": 1, "total": 1, "message": "done"}
    assert done["counts"]["fail"] == 1
    listed = client.get(SCANS, {"status": "completed", "workspace": "audit-dev"}).json()["results"]
    assert listed == [done]
    assert client.get(SCANS, {"status": "failed"}).json()["results"] == []
    results = client.get(f"{SCANS}{done['uuid']}/results/", {"state": "fail"}).json()["results"]
    assert [result["reasons"] for result in results] == [
        [{"msg": "it is open", "path": "properties.public"}]
    ]
    assert client.get(f"{SCANS}{done['uuid']}/results/", {"state": "pass"}).json()["results"] == []


def test_a_scan_of_two_workspaces_is_hidden_from_the_auditor_of_one(house: House) -> None:
    both = scan(house, "audit-dev", "audit-prod")
    one = scan(house, "audit-dev")
    client = house.client(house.member("auditor", dev="auditor"))

    assert [each["uuid"] for each in client.get(SCANS).json()["results"]] == [str(one.uuid)]
    assert client.get(f"{SCANS}{both.uuid}/").status_code == 404
    assert client.get(f"{SCANS}{both.uuid}/results/").status_code == 404
    assert client.get(f"{SCANS}{one.uuid}/").status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"workspaces": []}, "workspaces"),
        ({"workspaces": ["no-such-place"]}, "workspaces[0]"),
        ({"workspaces": "audit-dev"}, "workspaces"),
        ({"places": ["audit-dev"]}, "places"),
    ],
)
def test_a_wrong_request_is_refused_by_field(
    house: House, body: dict[str, Any], field: str
) -> None:
    answer = house.client(house.admin).post(SCANS, body)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Scan.objects.exists()


def test_lists_are_a_constant_number_of_queries(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    client = house.client(house.member("auditor", dev="auditor"))

    def queries(*paths: str) -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).json()["results"]
            counts.append(len(captured))
        return counts

    submit(house.dev, OPEN, external_id="first")
    done = scan(house, "audit-dev")
    paths = (SCANS, f"{SCANS}{done.uuid}/results/", "/api/audits/findings/")
    client.get(SCANS)  # the first use of a token is written down
    few = queries(*paths)
    for number in range(5):
        submit(house.dev, OPEN, external_id=f"more-{number}")
    paths = (SCANS, f"{SCANS}{scan(house, 'audit-dev').uuid}/results/", "/api/audits/findings/")

    assert queries(*paths) == few
