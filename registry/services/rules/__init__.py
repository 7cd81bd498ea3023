"""Rules of promotion: set and end them; in production, asking for less takes two admins."""

from __future__ import annotations

from registry.services.rules.changes import (
    MAX_APPROVALS,
    end_rule,
    set_required_approvals,
    set_rule,
)
from registry.services.rules.proposals import accept, reject

__all__ = [
    "MAX_APPROVALS",
    "accept",
    "end_rule",
    "reject",
    "set_required_approvals",
    "set_rule",
]
