"""Metric definitions: shipped, the organisation's, a workspace's; revised, never rewritten."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from registry.measures.aggregates import COMPUTED
from registry.models import MetricDefinition
from registry.services import metrics
from tests.factories import administrator
from tests.registry.evaluations.bench import Bench, Lab, lines

POLITE: dict[str, Any] = {
    "name": "politeness",
    "evaluator_kind": "judged",
    "direction": "higher",
    "minimum": 0,
    "maximum": 5,
    "description": "How polite the answer is.",
}


def test_what_we_compute_is_defined_and_nothing_of_it_is_called_judged(lab: Lab) -> None:
    shipped = lab.get("metrics/?is_current=true&limit=200")["results"]

    kinds = {each["name"]: each["evaluator_kind"] for each in shipped}
    assert {kinds[name] for name in COMPUTED} == {"computed"}
    for name in ("groundedness", "fluency", "coherence", "similarity", "relevance", "safety"):
        assert kinds[name] == "judged"


def test_a_second_definition_is_a_revision(lab: Lab) -> None:
    body = POLITE | {"workspace": lab.workspace.slug}

    first = lab.post("metrics/", body)
    second = lab.post("metrics/", body | {"maximum": 10})

    assert (first["revision"], second["revision"]) == (1, 2)
    kept = lab.get("metrics/?name=politeness")["results"]
    assert [(each["revision"], each["is_current"]) for each in kept] == [(2, True), (1, False)]


def test_a_workspace_does_not_redefine_what_the_organisation_defines(lab: Lab) -> None:
    body = POLITE | {"workspace": lab.workspace.slug, "name": "groundedness"}

    lab.post("metrics/", body, expect=409)


def test_only_an_administrator_defines_for_the_organisation(lab: Lab) -> None:
    lab.post("metrics/", POLITE, expect=403)

    made = metrics.define(actor=administrator(), **POLITE)

    assert made.workspace is None


def test_values_keep_to_the_range_of_their_definition(bench: Bench) -> None:
    bench.lab.post("metrics/", POLITE | {"workspace": bench.lab.workspace.slug})

    shown = bench.evaluate(
        lines([{"id": 1, "politeness": 6}]),
        metrics=[{"name": "politeness", "evaluator": "judge"}],
    )

    assert shown["problems"] == [{"line": 1, "column": "politeness", "reason": "is above 5"}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "a b"}, "name"),
        ({"direction": "sideways"}, "direction"),
        ({"minimum": 5}, "minimum"),
        ({"description": " "}, "description"),
    ],
)
def test_a_wrong_definition_is_told(lab: Lab, changes: dict[str, Any], field: str) -> None:
    problem = lab.post("metrics/", POLITE | {"workspace": lab.workspace.slug} | changes, expect=400)

    assert problem["errors"][0]["field"] == field


def test_a_definition_is_not_rewritten(db: None) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        MetricDefinition.objects.filter(name="safety").update(description="Whatever.")
