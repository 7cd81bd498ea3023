"""The documents that policies judge: their schema, and what goes into a promotion's."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema_rs
import pytest
from django.utils import timezone

from policies.documents import (
    configuration_document,
    input_bytes,
    promotion_document,
)
from registry.gates.base import Proposal
from registry.models import AssetVersion, Workspace
from registry.queries.closure import closure_of
from tests.factories import (
    administrator,
    make_dataset,
    make_flow,
    make_model,
    make_prompt,
    make_result,
    make_workspace,
    reference,
)
from tests.policies.estate import OPEN, promote, submit

pytestmark = pytest.mark.django_db


def propose(version: AssetVersion, target: Workspace) -> Proposal:
    return Proposal(
        promotion=version.uuid,
        version=version,
        target=target,
        alias="production",
        reason="T-1",
        closure=closure_of(version, actor=administrator()),
        requested_by=administrator(),
        reviewed_at=timezone.now(),
    )


def require_schema(document: dict[str, Any], name: str) -> None:
    """Hold the whole input against the published schema, with formats."""
    folder = resources.files("policies") / "documents_schema"
    schema = json.loads((folder / f"{name}.v1.json").read_text(encoding="utf-8"))
    whole = json.loads(input_bytes(document, now=timezone.now(), parameters={}))
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert [error.message for error in validator.iter_errors(whole)] == []


def refs(versions: list[dict[str, Any]]) -> list[str]:
    return [version["ref"] for version in versions]


def test_a_configuration_fits_its_schema() -> None:
    snapshot = submit(make_workspace(), OPEN)

    document = configuration_document(snapshot)

    require_schema(document, "configuration")
    assert document["configuration"] == OPEN
    assert document["resource"]["provenance"] == "observed"


@pytest.fixture
def dev() -> Workspace:
    return make_workspace("dev")


def make_bot(dev: Workspace) -> AssetVersion:
    """A flow of a fine-tuned model with base and data, and a prompt."""
    base = make_model(dev, name="base")
    data = make_dataset(dev, name="tickets")
    tuned = make_model(dev, name="tuned", trained_on=[data], links=[("fine_tuned_from", base)])
    return make_flow(dev, [tuned, make_prompt(dev, name="answer")], name="bot")


def test_a_promotion_fits_its_schema_and_tells_the_whole_family(dev: Workspace) -> None:
    bot = make_bot(dev)
    make_result(dev, bot, name="evaluation")

    document = promotion_document(propose(bot, make_workspace("prod", stage="production")))

    require_schema(document, "promotion")
    assert document["version"]["ref"] == "dev/flow/bot/1"
    assert sorted(refs(document["closure"])) == ["dev/model/tuned/1", "dev/prompt/answer/1"]
    assert refs(document["ancestors"]) == ["dev/model/base/1", "dev/dataset/tickets/1"]
    assert refs(document["evaluations"]) == ["dev/result/evaluation/1"]
    assert document["evaluations"][0]["metrics"][0]["name"] == "groundedness"
    assert document["source"] == {"slug": "dev", "stage": "development"}


def test_a_copy_stands_for_its_original(dev: Workspace) -> None:
    bot = make_bot(dev)
    make_result(dev, bot, name="evaluation")
    staging = make_workspace("staging", stage="staging")
    copy = promote(reference(bot), staging).target_version
    assert copy is not None

    document = promotion_document(propose(copy, make_workspace("prod", stage="production")))

    require_schema(document, "promotion")
    assert refs(document["ancestors"]) == ["dev/model/base/1", "dev/dataset/tickets/1"]
    assert refs(document["evaluations"]) == ["dev/result/evaluation/1"]
    assert document["evaluations"][0]["links"][0]["digest"] == document["version"]["digest"]


def test_results_in_a_workspace_without_a_part_in_it_do_not_count(dev: Workspace) -> None:
    bot = make_bot(dev)
    make_result(make_workspace("elsewhere"), bot, name="praise")
    prod = make_workspace("prod", stage="production")
    make_result(prod, bot, name="acceptance")

    document = promotion_document(propose(bot, prod))

    assert refs(document["evaluations"]) == ["prod/result/acceptance/1"]


def test_the_document_does_not_depend_on_when_or_by_whom(dev: Workspace) -> None:
    bot, prod = make_bot(dev), make_workspace("prod", stage="production")

    first, second = (promotion_document(propose(bot, prod)) for _ in range(2))

    assert first == second
    assert "now" not in first
