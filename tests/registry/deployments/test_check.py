"""May this serve now? Asked of the state, not of what was allowed once."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from core.errors import Conflict, InvalidInput, NotFound
from core.journal import decode
from registry.gates import deployments as gates
from registry.gates.base import Verdict
from registry.gates.deployments import ServingProposal
from registry.gates.members import MembersGate
from registry.models import ThresholdBreach
from registry.services import lifecycle
from registry.services.deployments import checks, states
from registry.services.promotions.rollback import rollback
from registry.services.serving import thresholds
from tests.factories import administrator, make_actor, make_prompt, member, token_client
from tests.registry.deployments.conftest import Site, journalled, shares
from tests.registry.test_rollback import twice


def ask(site: Site, **options: Any) -> checks.Permit:
    asked: dict[str, Any] = {"actor": site.deployer, "deployment": site.deployment.uuid}
    return checks.check(**(asked | options))


def codes(permit: checks.Permit) -> list[str]:
    return [reason["code"] for reason in permit.reasons()]


def withdraw(site: Site) -> None:
    lifecycle.change(
        actor=administrator(), version=site.version.uuid, state="withdrawn", reason="unsafe"
    )


def test_what_may_serve_is_allowed_and_the_question_leaves_no_entry(site: Site) -> None:
    permit = ask(site)

    assert (permit.decision, permit.reasons()) == ("allow", [])
    assert permit.evidence() == [site.version.digest]
    assert journalled("registry.deployment.denied") == []


def test_a_withdrawal_after_the_deployment_denies_it_and_the_denial_is_journalled(
    site: Site,
) -> None:
    allowed = ask(site)
    withdraw(site)
    denied = ask(site)

    assert (denied.decision, codes(denied)) == ("deny", ["member_withdrawn"])
    assert denied.binding != allowed.binding
    (entry,) = journalled("registry.deployment.denied")
    told = decode(entry)
    assert (told["outcome"], told["data"]["binding"]) == ("refused", denied.binding)
    assert told["data"]["verdicts"][0]["reasons"][0]["code"] == "member_withdrawn"


def test_a_digest_is_asked_about_alone(site: Site) -> None:
    other = make_prompt(site.team.dev, spec={"type": "text", "template": "Another"})
    promoted = site.team.promote(other).target_version
    assert promoted is not None
    site.revise(members=shares(site.version, promoted))
    withdraw(site)

    assert codes(ask(site, digest=site.version.digest)) == ["member_withdrawn"]
    assert ask(site, digest=promoted.digest).is_allowed
    assert codes(ask(site, digest="sha256:" + "0" * 64)) == ["not_a_member"]
    with pytest.raises(InvalidInput, match="digest"):
        ask(site, digest="latest")


def test_a_stopped_deployment_may_not_serve(site: Site) -> None:
    states.stop(actor=site.deployer, deployment=site.deployment.uuid)

    assert codes(ask(site)) == ["deployment_stopped"]


def test_a_change_is_judged_before_anybody_makes_it(site: Site) -> None:
    direct = make_prompt(site.team.prod)

    assert codes(ask(site, change={"members": shares(direct)})) == ["member_not_promoted"]
    assert ask(site).is_allowed
    assert site.deployment.revisions.count() == 1


def test_what_a_promotion_brought_may_not_serve_once_it_is_rolled_back(site: Site) -> None:
    first, second = twice(site.team)
    assert first.target_version is not None
    assert second.target_version is not None
    site.revise(members=shares(second.target_version))
    assert ask(site).is_allowed

    rollback(actor=site.team.deployer, promotion=second.uuid, reason="worse answers")

    assert codes(ask(site)) == ["promotion_rolled_back"]
    site.revise(members=shares(first.target_version))
    assert ask(site).is_allowed


class Failing(MembersGate):
    """A gate that breaks."""

    name = "failing"

    def review(self, proposal: ServingProposal) -> Verdict:
        raise OSError("away")


def test_a_gate_that_fails_denies(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "installed", lambda: (MembersGate(), Failing()))

    assert codes(ask(site)) == ["gate_failed"]


def test_every_gate_is_asked_so_that_one_denial_has_all_reasons(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "installed", lambda: (Failing(), MembersGate()))
    withdraw(site)

    assert codes(ask(site)) == ["gate_failed", "member_withdrawn"]


def test_readers_may_ask_and_strangers_find_nothing(site: Site) -> None:
    assert ask(site, actor=member(site.team.prod, "reader")).is_allowed
    with pytest.raises(NotFound):
        ask(site, actor=make_actor())


def test_a_denial_is_an_answer_over_http(site: Site) -> None:
    address = f"/api/registry/deployments/{site.deployment.uuid}/check/"
    client = token_client(site.deployer)
    withdraw(site)

    answer = client.post(address, {"digest": site.version.digest}, format="json")

    assert answer.status_code == 200
    body = answer.json()
    assert body["decision"] == "deny"
    assert body["reasons"][0]["gate"] == "members"
    assert set(body) >= {"binding", "checked_at", "evidence", "revision", "verdicts"}


def might(site: Site, **options: Any) -> checks.Permit:
    """The answer about a deployment that nobody made yet."""
    asked: dict[str, Any] = {
        "actor": site.deployer,
        "workspace": site.team.prod.slug,
        "name": "another",
        "members": shares(site.version),
    }
    return checks.check_first(**(asked | options))


def test_a_first_deployment_is_judged_before_anybody_makes_it(site: Site) -> None:
    allowed = might(site)
    withdraw(site)
    denied = might(site)

    assert (allowed.decision, allowed.reasons()) == ("allow", [])
    assert codes(denied) == ["member_withdrawn"]
    assert might(site).binding == denied.binding != allowed.binding
    (deployment,) = site.team.prod.deployments.all()
    assert deployment == site.deployment
    told = decode(journalled("registry.deployment.denied")[0])
    assert told["subject"]["ref"] == f"{site.team.prod.slug}/deployment/another"
    assert (told["data"]["deployment"], told["data"]["is_proposal"]) == ("", True)


def test_a_member_from_elsewhere_is_a_denial_and_not_an_error(site: Site) -> None:
    denied = might(site, members=shares(make_prompt(site.team.dev)))

    assert codes(denied) == ["member_elsewhere"]


def test_breaches_of_other_deployments_deny_no_first_one(site: Site) -> None:
    rule = thresholds.set_threshold(
        actor=site.deployer,
        deployment=site.deployment.uuid,
        name="failures",
        bound=thresholds.Bound(measure="error_rate", period="day", bound="0.1", effect="deny"),
    )
    ThresholdBreach.objects.create(rule=rule, period_start=timezone.now(), value="1")

    assert codes(ask(site)) == ["threshold_denies"]
    assert might(site).is_allowed


def test_a_first_deployment_is_asked_about_as_it_would_be_made(site: Site) -> None:
    with pytest.raises(Conflict, match="ask about a change") as taken:
        might(site, name=site.deployment.name)
    assert taken.value.extra == {"deployment": str(site.deployment.uuid)}
    for wrong, field in (
        ({"members": []}, "members"),
        ({"name": " "}, "name"),
        ({"configuration": {"region": 5}}, "region"),
        ({"endpoint": "nowhere"}, "endpoint"),
    ):
        with pytest.raises(InvalidInput, match=field):
            might(site, **wrong)
    assert might(site, actor=member(site.team.prod, "reader")).is_allowed
    with pytest.raises(InvalidInput, match="workspace"):
        might(site, actor=make_actor())


def test_a_first_deployment_is_asked_about_over_http(site: Site) -> None:
    body = {
        "workspace": site.team.prod.slug,
        "name": "another",
        "members": shares(site.version),
        "reason": "soon",
    }
    client = token_client(site.deployer)

    answer = client.post("/api/registry/deployments/check/", body, format="json")
    made = client.post("/api/registry/deployments/", body, format="json")

    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["decision"], shown["revision"], shown["is_proposal"]) == ("allow", 1, True)
    assert [each["gate"] for each in shown["verdicts"]] == ["members", "thresholds"]
    assert made.status_code == 201


def test_the_endpoint_and_application_of_a_change_are_part_of_what_is_judged(site: Site) -> None:
    asked = ask(site, change={"endpoint": "https://new.example/"}).proposal.document

    assert asked["deployment"]["endpoint"] == "https://new.example/"
