"""The matrix of the addresses of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.models import PromotionRule, PromotionRuleProposal
from registry.services import rules
from tests.api.rows import SIGNED_IN, WHO_SEES_IT, row
from tests.factories import administrator

if TYPE_CHECKING:
    from tests.api.world import World

ROWS = (
    row("GET", "registry/promotion-rules/", SIGNED_IN),
    row(
        "POST",
        "registry/promotion-rules/",
        "401 400 403 403 403 403 403 201 201",
        body=lambda world: {
            "workspace": world.dev.slug,
            "kind": "model",
            "conditions": {"source_stages": ["staging"]},
        },
    ),
    row("GET", "registry/promotion-rules/<uuid:uuid>/", WHO_SEES_IT, "rule"),
    row(
        "POST",
        "registry/promotion-rules/<uuid:uuid>/end/",
        "401 404 403 403 403 403 403 200 200",
        "rule",
        body=lambda world: {"reason": "the team is gone"},
    ),
    row("GET", "registry/promotion-rule-proposals/", SIGNED_IN),
    row("GET", "registry/promotion-rule-proposals/<uuid:uuid>/", WHO_SEES_IT, "rule_proposal"),
    row(
        "POST",
        "registry/promotion-rule-proposals/<uuid:uuid>/accept/",
        # The administrator made the proposal.
        "401 404 403 403 403 403 403 200 403",
        "rule_proposal",
        body=lambda world: {},
    ),
    row(
        "POST",
        "registry/promotion-rule-proposals/<uuid:uuid>/reject/",
        "401 404 403 403 403 403 403 200 200",
        "rule_proposal",
        body=lambda world: {"reason": "not now"},
    ),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    admin = administrator()
    held = rules.set_rule(
        actor=admin, workspace=world.dev.slug, alias_pattern="prod*", required_approvals=1
    )
    assert isinstance(held, PromotionRule)
    proposed = rules.set_required_approvals(
        actor=admin, workspace=world.prod.slug, required_approvals=0
    )
    assert isinstance(proposed, PromotionRuleProposal)
    world.at |= {"rule": held.uuid, "rule_proposal": proposed.uuid}
