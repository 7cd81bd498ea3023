"""A workspace with somebody who records in it."""

from __future__ import annotations

import pytest

from tests.factories import (
    make_dataset,
    make_model,
    make_prompt,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.evaluations.bench import JUDGE, Bench, Lab


@pytest.fixture
def lab(db: None) -> Lab:
    workspace = make_workspace()
    author = member(workspace, "author")
    return Lab(workspace, author, token_client(author))


@pytest.fixture
def bench(lab: Lab) -> Bench:
    body = {
        "workspace": lab.workspace.slug,
        "name": "capitals",
        "evaluates": reference(make_model(lab.workspace)),
        "dataset": reference(make_dataset(lab.workspace)),
        "prompt": reference(make_prompt(lab.workspace)),
        "evaluators": [JUDGE],
        "metrics": [{"name": "groundedness", "evaluator": "judge"}],
    }
    return Bench(lab, body)
