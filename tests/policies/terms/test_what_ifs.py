"""What an assignment would find and do, before there is one."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from core.models import JournalEntry, Task
from core.tasks import LeaseLost, TaskRun, claim, claim_and_run, run
from policies.models import Assignment, Decision, WhatIf, WhatIfResult
from policies.queries.assignments import rules_by_workspace
from policies.services import answers, what_if_work, what_ifs
from policies.services.terms import Terms
from registry.models import Workspace
from registry.services.promotions import request
from tests.factories import (
    administrator,
    make_actor,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.policies.estate import (
    CLOSED,
    OPEN,
    TICKET_RULE,
    WORKSPACE_TYPE,
    assign,
    make_policy,
    promote,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
API = "/api/policies/what-ifs/"


@pytest.fixture
def prod() -> Workspace:
    place = make_workspace("prod", stage="production")
    submit(place, OPEN, external_id="open")
    submit(place, CLOSED, external_id="closed")
    submit(place, {}, external_id="silent")
    return place


def ask(policy: str, scope: str = "organisation", effect: str = "deny", **terms: Any) -> WhatIf:
    """A what-if that is through."""
    asked = what_ifs.ask(
        actor=administrator(), scope=scope, policy=policy, terms=Terms(effect=effect, **terms)
    )
    while claim_and_run():
        pass
    asked.refresh_from_db()
    asked.task.refresh_from_db()
    assert asked.task.state == Task.State.SUCCEEDED, asked.task.error
    return asked


def test_it_counts_and_lists_what_would_fail_and_changes_nothing(prod: Workspace) -> None:
    policy = make_policy()

    asked = ask(policy.reference)

    assert asked.counts == {
        "workspaces": 1,
        "states": {"pass": 1, "fail": 1, "unknown": 1},
        "would": {"refuse": 2, "hold": 0, "modify": 0, "warn": 0, "record": 0, "nothing": 1},
    }
    told = {row.subject: (row.state, row.would) for row in asked.results.all()}
    assert told == {
        f"{WORKSPACE_TYPE} open": ("fail", "refuse"),
        f"{WORKSPACE_TYPE} silent": ("unknown", "refuse"),
    }
    assert not Decision.objects.exists()
    assert not Assignment.objects.exists()
    assert not JournalEntry.objects.filter(action="policies.decision.recorded").exists()


@pytest.mark.parametrize(
    ("terms", "would"),
    [
        ({"effect": "require_approval"}, "hold"),
        ({"effect": "warn"}, "warn"),
        ({"effect": "audit"}, "record"),
        ({"effect": "manual"}, "record"),
        ({"effect": "deny", "is_enforced": False}, "record"),
    ],
)
def test_what_would_follow_depends_on_effect_and_enforcement(
    prod: Workspace, terms: dict[str, Any], would: str
) -> None:
    asked = ask(make_policy().reference, **terms)

    assert set(asked.results.values_list("would", flat=True)) == {would}


def test_rules_about_promotions_are_asked_about_what_stands_in_production(
    prod: Workspace,
) -> None:
    version = make_model(make_workspace("dev"))
    request.promote(
        actor=administrator(),
        source=reference(version),
        target="prod",
        alias="production",
        reason="none",
    )

    asked = ask(make_policy(TICKET_RULE, kinds=("promotion",)).reference, scope="stage/production")

    (row,) = asked.results.all()
    assert (row.subject, row.state) == (f"prod/model/{version.asset.name}@production", "fail")
    assert row.version is not None


def test_what_was_answered_before_is_not_asked_again(
    prod: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = make_policy()
    assign(policy, prod, "audit")
    promote(reference(make_model(make_workspace("dev"))), prod)

    def no_engine(*_: object, **__: object) -> None:
        raise AssertionError("the engine was asked")

    monkeypatch.setattr(answers, "_evaluate", no_engine)

    assert ask(policy.reference, scope="workspace/prod").results.count() == 2


def test_work_goes_on_where_it_was_broken_off(
    prod: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        submit(make_workspace(name), OPEN)
    asked = what_ifs.ask(
        actor=administrator(),
        scope="organisation",
        policy=make_policy().reference,
        terms=Terms(effect="audit"),
    )
    written = what_if_work._write

    def breaks(what_if: WhatIf, place: Workspace, found: Any) -> None:
        if place.slug == "b":
            raise LeaseLost("the worker is gone")
        written(what_if, place, found)

    monkeypatch.setattr(what_if_work, "_write", breaks)
    attempt = claim()
    assert attempt is not None
    run(attempt)
    asked.refresh_from_db()
    assert (len(asked.done), asked.completed_at) == (1, None)

    monkeypatch.setattr(what_if_work, "_write", written)
    what_if_work.work(asked.uuid, run=TaskRun(Task.objects.get(pk=asked.task_id)))

    asked.refresh_from_db()
    assert asked.counts is not None
    assert asked.counts["workspaces"] == 3
    assert WhatIfResult.objects.count() == 4


def test_over_http_from_the_question_to_the_assignment(prod: Workspace) -> None:
    client = token_client(member(prod, "admin"))
    policy = make_policy()
    body = {
        "scope": "workspace/prod",
        "policy": policy.policy.name,
        "effect": "deny",
        "percent": 40,
        "tags": {"env": ["prod"]},
    }

    asked = client.post(API, body, format="json")
    assert asked.status_code == 202, asked.data
    assert (asked.data["status"], asked.data["counts"]) == ("queued", None)
    while claim_and_run():
        pass

    address = f"{API}{asked.data['uuid']}/"
    done = client.get(address).data
    assert done["status"] == "completed"
    assert done["terms"]["policy"] == policy.reference
    page = client.get(f"{address}results/?state=fail").data
    assert [each["subject"] for each in page["results"]] == [f"{WORKSPACE_TYPE} open"]
    table = b"".join(client.get(f"{address}export/").streaming_content)  # type: ignore[attr-defined]
    assert table.decode().splitlines()[1].startswith(f"{page['results'][0]['would']},")
    made = client.post(f"{address}assign/", {"reason": "as asked"}, format="json")
    assert made.status_code == 201, made.data
    assert made.data["uuid"] == asked.data["uuid"]
    assert (made.data["percent"], made.data["tags"]) == (40, {"env": ["prod"]})
    assert client.post(f"{address}assign/", {}, format="json").status_code == 409
    (rule,) = rules_by_workspace([prod])[prod.pk]
    enforced = {"refuse": True, "record": False}
    assert rule.is_enforced is enforced[page["results"][0]["would"]]


def test_it_is_the_askers_own(prod: Workspace) -> None:
    asked = ask(make_policy().reference)

    other = token_client(member(prod, "admin"))
    assert other.get(f"{API}{asked.uuid}/").status_code == 404
    assert other.get(f"{API}{asked.uuid}/results/").status_code == 404
    assert other.get(API).data["results"] == []
    assert token_client(administrator()).get(f"{API}{asked.uuid}/").status_code == 200


def test_whoever_may_not_assign_may_not_ask(prod: Workspace) -> None:
    body = {"scope": "workspace/prod", "policy": make_policy().reference, "effect": "audit"}

    assert token_client(member(prod, "auditor")).post(API, body, format="json").status_code == 403
    assert token_client(make_actor()).post(API, body, format="json").status_code == 400
    assert not WhatIf.objects.exists()


def test_a_right_that_is_gone_when_the_work_begins_ends_it(prod: Workspace) -> None:
    actor = member(prod, "admin")
    asked = what_ifs.ask(
        actor=actor,
        scope="workspace/prod",
        policy=make_policy().reference,
        terms=Terms(effect="audit"),
    )
    assert actor.user is not None
    actor.user.is_active = False
    actor.user.save()

    while claim_and_run():
        pass

    asked.refresh_from_db()
    assert asked.completed_at is None
    assert Task.objects.get(pk=asked.task_id).state == Task.State.FAILED


def test_it_is_forgotten_with_its_results(prod: Workspace) -> None:
    asked = ask(make_policy().reference)
    assert what_ifs.forget() == 0
    WhatIf.objects.filter(pk=asked.pk).update(expires_at=timezone.now())

    assert what_ifs.forget() == 1
    assert not WhatIfResult.objects.exists()
