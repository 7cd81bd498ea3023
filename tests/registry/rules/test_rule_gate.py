"""What rules ask of a version: evaluations, signatures, scans, and where it comes from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import Conflict
from registry.models import AssetVersion, Promotion, Workspace
from registry.queries.cards import cards_of
from registry.services import cards, lifecycle, rules
from tests.factories import (
    administrator,
    make_dataset,
    make_flow,
    make_model,
    make_prompt,
    make_result,
    make_workspace,
    member,
)
from tests.registry.conftest import Team

pytestmark = pytest.mark.django_db
GROUNDED = {"metric": "groundedness", "operator": ">=", "value": 0.8}


def set_rule(place: Workspace, **terms: Any) -> None:
    rules.set_rule(actor=administrator(), workspace=place.slug, **terms)


def ask_for(place: Workspace, **threshold: Any) -> None:
    set_rule(place, kind="model", conditions={"thresholds": [GROUNDED | threshold]})


def grounded(place: Workspace, version: AssetVersion, value: float, **options: Any) -> AssetVersion:
    """A result with that groundedness, by the judge."""
    metric = {"name": "groundedness", "value": value, "evaluator": "judge"}
    return make_result(place, version, metrics=[metric], **options)


def codes(promotion: Promotion) -> list[str]:
    """The reasons of the rule gate."""
    (verdict,) = [each for each in promotion.verdicts if each["gate"] == "rules"]
    return [reason["code"] for reason in verdict["reasons"]]


def test_without_a_result_a_threshold_is_not_reached(team: Team) -> None:
    ask_for(team.prod)

    refused = team.promote(make_model(team.dev))

    assert refused.status == "refused"
    assert codes(refused) == ["evaluation_missing"]


def test_the_newest_result_counts_whatever_an_older_one_said(team: Team) -> None:
    ask_for(team.prod)
    model = make_model(team.dev)
    grounded(team.dev, model, 0.9)
    grounded(team.dev, model, 0.5)

    refused = team.promote(model)
    grounded(team.dev, model, 0.8)

    assert codes(refused) == ["evaluation_not_reached"]
    (verdict,) = [each for each in refused.verdicts if each["gate"] == "rules"]
    assert verdict["reasons"][0]["detail"]["value"] == 0.5
    assert team.promote(model).status == "completed"


def test_a_result_on_other_content_or_in_an_alien_place_does_not_count(team: Team) -> None:
    ask_for(team.prod)
    model = make_model(team.dev)
    other = make_model(team.dev, spec={**model.spec.body, "task": "summarization"})
    grounded(team.dev, other, 0.9)
    grounded(make_workspace(), model, 0.9)

    assert codes(team.promote(model)) == ["evaluation_missing"]
    twin = make_model(team.dev)
    grounded(team.dev, twin, 0.9)
    assert twin.digest == model.digest
    assert team.promote(model).status == "completed"


def test_a_threshold_can_name_evaluator_dataset_and_age(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = make_dataset(team.dev, name="questions")
    ask_for(team.prod, evaluator="judge", dataset="questions", max_age_days=7)
    model = make_model(team.dev)
    people = {"name": "groundedness", "value": 0.9, "evaluator": "people"}
    make_result(team.dev, model, metrics=[people])
    grounded(team.dev, model, 0.9)
    assert codes(team.promote(model)) == ["evaluation_missing"]

    evaluate_on(questions, model, team)
    assert team.promote(model).status == "completed"

    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert codes(team.promote(model)) == ["evaluation_too_old"]


def evaluate_on(questions: AssetVersion, model: AssetVersion, team: Team) -> None:
    from tests.factories import RESULT_SPEC, make_version

    make_version(
        team.dev,
        "result",
        RESULT_SPEC,
        links=[("evaluates", model), ("evaluated_on", questions)],
        metrics=[{"name": "groundedness", "value": 0.9, "evaluator": "judge"}],
    )


def test_a_rule_on_models_reaches_a_model_inside_a_flow(team: Team) -> None:
    ask_for(team.prod)
    model = make_model(team.dev)
    flow = make_flow(team.dev, [model, make_prompt(team.dev)])

    assert codes(team.promote(flow)) == ["evaluation_missing"]
    assert team.promote(make_prompt(team.dev)).status == "completed"
    grounded(team.dev, model, 0.9)
    assert team.promote(flow).status == "completed"


def test_versions_must_come_from_the_stages_that_a_rule_names(team: Team) -> None:
    set_rule(team.prod, conditions={"source_stages": ["staging"]})

    refused = team.promote(make_model(team.dev))

    assert codes(refused) == ["source_stage"]
    staging = make_workspace(stage="staging")
    ready = make_model(staging)
    assert team.promote(ready, actor=administrator()).status == "completed"


def test_artifacts_nobody_looked_into_and_nobody_signed_are_told(team: Team) -> None:
    set_rule(team.prod, conditions={"scan_verdicts": ["safe"], "signature": "trusted"})
    item = {"path": "w.bin", "uri": "s3://x/w.bin", "digest": "sha256:" + "0" * 64}

    with_bytes = team.promote(make_model(team.dev, artifacts=[item]))
    without = team.promote(make_model(team.dev))

    assert codes(with_bytes) == ["signature_missing", "scan_verdict"]
    assert codes(without) == ["signature_missing"]


def test_rules_that_match_hold_together_and_the_strictest_wins(team: Team) -> None:
    set_rule(team.prod, required_approvals=1)
    set_rule(team.prod, kind="model", required_approvals=2)
    set_rule(team.prod, alias_pattern="prod*", required_approvals=3)
    model = make_model(team.dev)

    assert team.promote(make_prompt(team.dev)).required_approvals == 1
    assert team.promote(model).required_approvals == 2
    # Whatever the spelling.
    assert team.promote(model, alias="Production").required_approvals == 3
    assert team.promote(make_prompt(team.dev), alias="canary").required_approvals == 1


def test_a_rule_says_how_long_a_request_may_wait(team: Team) -> None:
    set_rule(team.prod, required_approvals=1, conditions={"request_max_age_days": 2})

    waiting = team.promote(make_model(team.dev))

    assert waiting.expires_at - waiting.requested_at == timedelta(days=2)


def test_a_worse_result_that_comes_before_the_approval_is_noticed(team: Team) -> None:
    set_rule(team.prod, required_approvals=1)
    ask_for(team.prod)
    model = make_model(team.dev)
    grounded(team.dev, model, 0.9)
    waiting = team.promote(model)

    grounded(team.dev, model, 0.1)

    with pytest.raises(Conflict, match="look again"):
        team.approve(waiting, by=team.approver())
    assert team.approve(waiting, by=team.approver()).status == "refused"


def test_a_card_must_be_filled_and_accepted(team: Team) -> None:
    wanted = {"card_fields": ["intended_use", "limitations"], "card_accepted": True}
    set_rule(team.prod, kind="model", conditions=wanted)
    model = make_model(team.dev)
    write_card(team, model, {"intended_use": "Answers of the desk."})

    refused = team.promote(model)

    assert codes(refused) == ["card_fields_missing", "card_not_accepted"]
    assert codes(team.promote(make_model(team.dev))) == ["card_fields_missing", "card_not_accepted"]
    write_card(team, model, {"intended_use": "Answers of the desk.", "limitations": "English."})
    cards.submit(actor=team.author, version=model.uuid)
    written = cards_of([model])[model.pk]
    cards.review(
        actor=member(team.dev, "approver"),
        version=model.uuid,
        decision="accepted",
        revision=written.revision,
    )
    assert team.promote(model).status == "completed"


def write_card(team: Team, version: AssetVersion, fields: dict[str, str]) -> None:
    cards.write(actor=team.author, version=version.uuid, fields=fields)


def test_states_of_life_that_a_rule_keeps_out(team: Team) -> None:
    set_rule(team.prod, conditions={"forbidden_states": ["deprecated"]})
    model = make_model(team.dev)
    flow = make_flow(team.dev, [model, make_prompt(team.dev)])
    assert team.promote(flow).status == "completed"

    lifecycle.change(
        actor=administrator(), version=model.uuid, state="deprecated", reason="there is a better"
    )

    assert codes(team.promote(flow)) == ["forbidden_state"]
