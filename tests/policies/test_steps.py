"""Evaluating step by step: how much is asked before it is needed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from policies.queries.exemptions import Exemptions
from policies.services import evaluation
from policies.services.evaluation import Step, assess_in_steps
from tests.factories import administrator, make_workspace
from tests.policies.estate import OPEN, assign, make_policy, submit
from tests.policies.test_evaluation import questions_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]


@pytest.mark.parametrize(("characters", "most"), [(8 * 1024 * 1024, 6), (1, 1)])
def test_an_engine_has_work_ahead_but_never_more_than_memory_is_for(
    monkeypatch: pytest.MonkeyPatch, characters: int, most: int
) -> None:
    monkeypatch.setattr(evaluation, "AHEAD_CHARACTERS", characters)
    workspace = make_workspace()
    assign(make_policy(), workspace)
    for number in range(9):
        submit(workspace, OPEN | {"number": number}, external_id=f"acme-{number}")
    taken: list[Step] = []

    def steps() -> Iterator[Step]:
        for question in questions_in(workspace):
            taken.append(Step([question], Exemptions(())))
            yield taken[-1]

    ahead = []
    told = assess_in_steps(steps(), actor=administrator(), now=timezone.now(), waiting=lambda: None)
    for done, (step, assessed) in enumerate(told, start=1):
        assert step is taken[done - 1]
        assert [each.question for each in assessed] == step.questions
        ahead.append(len(taken) - done)

    assert len(ahead) == 9
    assert max(ahead) == most
