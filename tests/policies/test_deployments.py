"""Deployments as configured resources, and the policies' say on whether they may serve."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core import consumers, sequencer
from core.errors import InvalidInput
from core.models import JournalSequence
from policies.consumer import ResourceConsumer
from policies.models import Decision, Resource, Snapshot
from policies.packs.catalog import shipped
from policies.services import resources
from registry.models import Deployment, Workspace
from registry.services.deployments import checks, revisions, states
from tests.factories import administrator, grant, make_actor, make_model, make_workspace, reference
from tests.policies import estate

FILTER = {"name": "hate", "enabled": True, "blocking": True}
SAFE = {"content_filters": {"input": [FILTER], "output": [FILTER]}}
UNSAFE = {"content_filters": {"input": [FILTER], "output": []}}
(RULE,) = [each for each in shipped() if each.module.path == "deployment/content_filters.rego"]

pytestmark = pytest.mark.usefixtures("without_opa")


@pytest.fixture
def dev(db: None) -> Workspace:
    return make_workspace()


def deploy(dev: Workspace, configuration: dict[str, Any]) -> Deployment:
    return revisions.create(
        actor=administrator(),
        workspace=dev.slug,
        name="assist",
        members=[{"version": reference(make_model(dev)), "traffic": 100}],
        configuration=configuration,
    ).deployment


def drained() -> list[Snapshot]:
    """The snapshots once every consumer was told."""
    while sequencer.sequence_pending() or consumers.drain_all():
        pass
    return list(Snapshot.objects.select_related("resource").order_by("id"))


def filters_rule(dev: Workspace, effect: str = "deny") -> Any:
    version = estate.store("filters", RULE.module.source)
    estate.mark_checked(version)
    return estate.assign(version, dev, effect)


def ask(deployment: Deployment, **options: Any) -> checks.Permit:
    return checks.check(actor=administrator(), deployment=deployment.uuid, **options)


def test_each_change_of_what_shall_serve_is_a_snapshot(dev: Workspace) -> None:
    deployment = deploy(dev, SAFE)
    options: dict[str, Any] = {"actor": administrator(), "deployment": deployment.uuid}
    revisions.revise(**options, configuration=UNSAFE)
    states.report(**options, state="running")
    states.stop(**options)

    told = [snapshot.document for snapshot in drained()]
    resource = Resource.objects.get()

    assert [each["deployment"]["revision"] for each in told] == [1, 2, 2]
    assert [each["deployment"]["desired"] for each in told] == ["running", "running", "stopped"]
    assert told[0]["content_filters"] == SAFE["content_filters"]
    assert (resource.source, resource.type, resource.external_id) == (
        "muniment",
        "deployment",
        "assist",
    )


def test_telling_an_entry_twice_is_telling_it_once(dev: Workspace) -> None:
    deploy(dev, SAFE)
    (snapshot,) = drained()
    rows = JournalSequence.objects.select_related("entry")
    row = rows.get(entry__action="registry.deployment.revised")
    ResourceConsumer().consume(consumers.sequenced(row))

    assert list(Snapshot.objects.all()) == [snapshot]
    assert snapshot.uuid == row.entry.uuid


def test_nobody_else_speaks_for_what_the_registry_deploys(dev: Workspace) -> None:
    with pytest.raises(InvalidInput, match="this service knows of itself"):
        resources.submit_snapshot(
            actor=administrator(),
            workspace=dev.slug,
            address=resources.Address(source="muniment", type="deployment", external_id="assist"),
            document=SAFE,
            provenance="observed",
        )


def test_a_configuration_that_fails_a_policy_denies_and_one_that_passes_does_not(
    dev: Workspace,
) -> None:
    deployment = deploy(dev, UNSAFE)
    filters_rule(dev)
    denied = ask(deployment)
    revisions.revise(actor=administrator(), deployment=deployment.uuid, configuration=SAFE)
    allowed = ask(deployment)

    (reason,) = denied.reasons()
    assert (denied.decision, reason["gate"], reason["code"]) == (
        "deny",
        "policies",
        "policy_denied",
    )
    assert "no filter on output" in reason["message"]
    assert str(Decision.objects.get(state="fail").uuid) in denied.evidence()
    assert allowed.decision == "allow"
    assert allowed.binding != denied.binding


def test_what_a_configuration_does_not_tell_denies_too(dev: Workspace) -> None:
    deployment = deploy(dev, {})
    filters_rule(dev)

    assert [each["detail"]["state"] for each in ask(deployment).reasons()] == ["unknown"]


def test_what_only_reports_does_not_deny_and_what_needs_approval_does(dev: Workspace) -> None:
    deployment = deploy(dev, UNSAFE)
    filters_rule(dev, "audit")
    assert ask(deployment).is_allowed

    estate.assign(
        estate.make_policy(estate.CLOSED_RULE, kinds=("configuration",)), dev, "require_approval"
    )
    assert ask(deployment).reasons()[0]["code"] == "policy_requires_approval"


def test_a_change_is_judged_by_the_policies_before_anybody_makes_it(dev: Workspace) -> None:
    deployment = deploy(dev, SAFE)
    filters_rule(dev)

    assert ask(deployment).is_allowed
    assert not ask(deployment, change={"configuration": UNSAFE}).is_allowed


def test_an_exemption_of_the_resource_covers_what_is_there_but_no_change(dev: Workspace) -> None:
    deployment = deploy(dev, UNSAFE)
    assignment = filters_rule(dev)
    drained()
    requester = make_actor()
    grant(requester, dev, "author")
    estate.exempt(
        assignment,
        dev,
        asked_by=requester,
        expires_at=timezone.now() + timedelta(days=1),
        resource=Resource.objects.get().uuid,
    )

    assert ask(deployment).is_allowed
    assert not ask(deployment, change={"configuration": {**UNSAFE, "region": "x"}}).is_allowed


def test_a_policy_on_other_resources_is_not_asked(dev: Workspace) -> None:
    deployment = deploy(dev, {})
    estate.assign(estate.make_policy(), dev, "deny")

    assert ask(deployment).is_allowed


def test_a_stopped_deployment_fails_no_policy_on_what_serves(dev: Workspace) -> None:
    deployment = deploy(dev, UNSAFE)
    filters_rule(dev)
    states.stop(actor=administrator(), deployment=deployment.uuid)

    assert [each["code"] for each in ask(deployment).reasons()] == ["deployment_stopped"]


def test_policies_judge_a_deployment_that_nobody_made_yet(dev: Workspace) -> None:
    filters_rule(dev)
    asked: dict[str, Any] = {
        "actor": administrator(),
        "workspace": dev.slug,
        "name": "assist",
        "members": [{"version": reference(make_model(dev)), "traffic": 100}],
    }

    denied = checks.check_first(**asked, configuration=UNSAFE)
    allowed = checks.check_first(**asked, configuration=SAFE)

    assert [each["gate"] for each in denied.reasons()] == ["policies"]
    assert allowed.is_allowed
    assert not Deployment.objects.exists()
    assert not Resource.objects.exists()
    assert Decision.objects.count() == 2
