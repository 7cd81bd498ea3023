"""Make the whole demo organisation, or what is missing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.demo import attestations, content, evidence, governance, people, risks, story, trials
from core.actors import Actor, Via
from core.errors import InvalidInput
from core.models import User

if TYPE_CHECKING:
    from collections.abc import Callable


def build(*, say: Callable[[str], None]) -> people.People:
    """Make the demo by the services that the API uses; repeating it changes nothing.

    Raises InvalidInput when there is no administrator to make it.
    """
    user = User.objects.filter(is_superuser=True, is_active=True).order_by("id").first()
    if user is None:
        raise InvalidInput("There is no administrator; `manage.py createsuperuser` makes one.")
    say("workspaces, accounts and roles")
    cast = people.settle(Actor(user=user, via=Via.COMMAND))
    say("datasets, models, prompts, flows and results")
    registered = content.register_everything(cast["author"])
    say("an experiment with its runs")
    trials.try_sorters(cast["author"])
    say("policies and configured resources")
    governance.govern(cast)
    attestations.attest(cast)
    say("promotions")
    story.promote_everything(cast, registered)
    say("risks")
    risks.keep_a_register(cast["deployer"], cast["auditor"])
    say("scan and report")
    evidence.catch_up()
    evidence.report_on_everything(cast["auditor"])
    evidence.catch_up()
    return cast
