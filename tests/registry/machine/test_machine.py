"""Whatever people do to a registry in whatever order, it stays what a plain model of it says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.registry.machine.holding import Holding
from tests.registry.machine.living import Living
from tests.registry.machine.pointing import Pointing
from tests.registry.machine.promoting import Promoting
from tests.registry.machine.registering import Registering
from tests.registry.machine.serving import Serving

pytestmark = pytest.mark.django_db


class Registry(Registering, Pointing, Promoting, Serving, Living, Holding):
    """All steps together, from a model that serves in staging."""

    @initialize()
    def begin(self) -> None:
        self.register(
            who="author",
            place="dev",
            kind="model",
            name="desk",
            content=0,
            may_share=False,
            alias="champion",
            chosen=0,
        )
        self.promote(who="deployer", chosen=0, into="staging", alias="champion")
        self.deploy(who="deployer", chosen=0)


def run(*, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Registry,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_registry_is_what_the_model_says_after_every_step() -> None:
    run(examples=3, steps=25)


@pytest.mark.slow
def test_the_registry_is_what_the_model_says_after_many_steps() -> None:
    run(examples=60, steps=60)
