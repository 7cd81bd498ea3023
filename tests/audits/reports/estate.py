"""Policies and assessments for tests of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import unique
from tests.policies.estate import CLOSED_RULE, WORKSPACE_TYPE, mark_checked, source, store

if TYPE_CHECKING:
    from policies.models import PolicyVersion


def supporting(*controls: str) -> PolicyVersion:
    """A checked policy on configurations that supports those controls."""
    name = unique("policy")
    kinds = (f"configuration/{WORKSPACE_TYPE}",)
    text = source(CLOSED_RULE, package=name.replace("-", "_"), kinds=kinds)
    version = store(name, text.replace("test/control-1", ", ".join(controls)))
    mark_checked(version)
    return version
