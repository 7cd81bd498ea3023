"""Scans: what they ask, what they leave, and that killing their worker changes neither."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from audits.models import Finding, Scan, ScanResult
from audits.services import findings, scans
from core import tasks
from core.errors import AccessDenied, InvalidInput
from core.models import JournalEntry, Task
from policies.models import Decision
from policies.services import resources
from policies.services.evaluation import assess
from registry.services import aliases
from registry.services.promotions import request
from tests.audits.conftest import finish_tasks
from tests.factories import make_prompt, reference
from tests.policies.estate import (
    CLOSED,
    OPEN,
    TICKET_RULE,
    assign,
    exempt,
    make_policy,
    submit,
)

if TYPE_CHECKING:
    from tests.audits.conftest import House

SCANS = "/api/audits/scans/"
ASSESS = "audits.services.scanning.assess"


class Killed(BaseException):
    """What ends a worker: nothing in it gets to handle this."""


def scan(house: House, *workspaces: str) -> Scan:
    """A complete scan by the administrator."""
    started = scans.start(actor=house.admin, workspaces=workspaces or None)
    finish_tasks()
    done = Scan.objects.select_related("task").get(pk=started.pk)
    assert done.status == "completed", done.task.error
    return done


def states(of: Scan) -> dict[str, str]:
    return dict(of.results.values_list("subject", "state"))


def journalled(action: str) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(action=action).order_by("pk"))


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


def test_a_finding_is_opened_resolved_and_reopened(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    first = scan(house, "audit-dev")
    finding = Finding.objects.get()
    assert (finding.state, finding.severity, finding.regressions) == ("open", "high", 0)
    assert finding.first_seen_at == finding.last_seen_at == first.as_of

    again = scan(house, "audit-dev")
    finding.refresh_from_db()
    assert (finding.state, finding.last_seen_at) == ("open", again.as_of)

    submit(house.dev, CLOSED)
    mended = scan(house, "audit-dev")
    finding.refresh_from_db()
    assert (finding.state, finding.resolution) == ("resolved", "passed")
    assert finding.resolved_at == mended.as_of

    submit(house.dev, OPEN)
    back = scan(house, "audit-dev")
    finding.refresh_from_db()
    assert (finding.state, finding.regressions) == ("open", 1)
    assert finding.resolved_at is None
    assert finding.first_seen_at == first.as_of
    assert finding.latest_result == back.results.get()

    assert Finding.objects.count() == 1
    for name in ("opened", "resolved", "reopened"):
        assert len(journalled(f"audits.finding.{name}")) == 1


def test_not_knowing_any_more_does_not_resolve_a_finding(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    first = scan(house, "audit-dev")
    submit(house.dev, {})

    assert list(states(scan(house, "audit-dev")).values()) == ["unknown"]

    finding = Finding.objects.get()
    assert (finding.state, finding.last_seen_at) == ("open", first.as_of)


def test_a_subject_that_is_gone_resolves_its_finding_as_out_of_scope(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    snapshot = submit(house.dev, OPEN)
    scan(house, "audit-dev")
    resources.retire(actor=house.admin, resource=snapshot.resource.uuid)

    scan(house, "audit-dev")

    finding = Finding.objects.get()
    assert (finding.state, finding.resolution) == ("resolved", "out_of_scope")


def test_an_exemption_that_ends_reopens_what_still_fails(house: House) -> None:
    rule = assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    owner = house.member("owner", dev="admin")
    soon = timezone.now() + timedelta(milliseconds=300)
    exempt(rule, house.dev, asked_by=owner, expires_at=soon)
    scan(house, "audit-dev")
    assert Finding.objects.get().state == "exempt"

    while timezone.now() <= soon:
        pass
    scan(house, "audit-dev")

    finding = Finding.objects.get()
    assert (finding.state, finding.regressions) == ("open", 0)


def test_a_scan_that_was_overtaken_changes_no_finding(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    early = scans.start(actor=house.admin, workspaces=["audit-dev"])
    submit(house.dev, CLOSED)
    late = scans.start(actor=house.admin, workspaces=["audit-dev"])

    tasks.claim_and_run(task_uuid=late.task.uuid)
    tasks.claim_and_run(task_uuid=early.task.uuid)

    assert list(states(late).values()) == ["pass"]
    assert list(states(early).values()) == ["fail"]
    assert not Finding.objects.exists()


def two_workspaces(house: House) -> Scan:
    """A scan that has something to ask in two workspaces."""
    policy = make_policy()
    for place in (house.dev, house.prod):
        assign(policy, place, "audit")
        submit(place, OPEN)
    return scans.start(actor=house.admin, workspaces=["audit-dev", "audit-prod"])


def abandon(started: Scan) -> None:
    """Let the lease of the killed worker run out."""
    Task.objects.filter(pk=started.task_id).update(lease_until=timezone.now())


def assert_whole(started: Scan) -> None:
    """One complete result set, one finding per failure, one event of each kind."""
    done = Scan.objects.select_related("task").get(pk=started.pk)
    assert (done.status, done.task.state) == ("completed", "succeeded")
    assert sorted(done.results.values_list("workspace__slug", "state")) == [
        ("audit-dev", "fail"),
        ("audit-prod", "fail"),
    ]
    assert done.counts is not None
    assert done.counts["fail"] == 2
    assert Finding.objects.count() == 2
    assert len(journalled("audits.finding.opened")) == 2
    assert len(journalled("audits.scan.completed")) == 1


def test_a_worker_killed_between_two_workspaces_leaves_one_complete_result_set(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = two_workspaces(house)

    def dies_in_the_second(questions: Any, **options: Any) -> Any:
        if questions[0].workspace == house.prod:
            raise Killed
        return assess(questions, **options)

    monkeypatch.setattr(ASSESS, dies_in_the_second)
    with pytest.raises(Killed):
        tasks.claim_and_run()
    assert ScanResult.objects.count() == 1
    monkeypatch.undo()
    assert not tasks.claim_and_run()  # the lease still holds
    abandon(started)

    finish_tasks()

    assert_whole(started)
    assert Decision.objects.filter(workspace=house.dev).count() == 1


def test_a_worker_killed_while_writing_leaves_nothing_of_that_workspace(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = two_workspaces(house)
    really_follow = findings.follow

    def dies_after(*told: Any, **options: Any) -> None:
        really_follow(*told, **options)
        raise Killed

    monkeypatch.setattr(findings, "follow", dies_after)
    with pytest.raises(Killed):
        tasks.claim_and_run()
    assert not ScanResult.objects.exists()
    assert not Finding.objects.exists()
    monkeypatch.setattr(findings, "follow", really_follow)
    abandon(started)

    finish_tasks()

    assert_whole(started)


def test_a_worker_that_lost_its_lease_writes_nothing_any_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = two_workspaces(house)

    def is_overtaken(questions: Any, **options: Any) -> Any:
        monkeypatch.undo()
        abandon(started)
        assert tasks.claim_and_run()  # by another worker, to its end
        return assess(questions, **options)

    monkeypatch.setattr(ASSESS, is_overtaken)

    assert tasks.claim_and_run()

    assert_whole(started)


def test_a_scan_ends_where_its_requester_lost_the_right(house: House) -> None:
    auditor = house.member("auditor", dev="auditor")
    started = scans.start(actor=auditor, workspaces=["audit-dev"])
    assert auditor.user is not None
    auditor.user.is_active = False
    auditor.user.save()

    finish_tasks()

    failed = Scan.objects.select_related("task").get(pk=started.pk)
    assert failed.status == "failed"
    assert not failed.results.exists()


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


def test_findings_are_read_by_members_of_their_workspace(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    scan(house, "audit-dev")
    reader = house.client(house.member("a-reader", dev="reader"))
    stranger = house.client(house.member("a-stranger", prod="admin"))
    path = "/api/audits/findings/"

    (finding,) = reader.get(path, {"state": "open", "severity": "high"}).json()["results"]

    assert finding["latest"]["reasons"] == [{"msg": "it is open", "path": "properties.public"}]
    assert finding["remediation"] == "Close it."
    assert reader.get(f"{path}{finding['uuid']}/").json() == finding
    assert reader.get(path, {"state": "resolved"}).json()["results"] == []
    assert stranger.get(path).json()["results"] == []
    assert stranger.get(f"{path}{finding['uuid']}/").status_code == 404


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
