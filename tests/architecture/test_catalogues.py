"""Every event, kind, link, permission and role that the code names is in the docs."""

from __future__ import annotations

import json
import re

import pytest

from console.bootstrap import ROOT
from core.events import CATALOGUE
from policies.models import Effect
from policies.packs.catalog import shipped
from registry.kinds import KINDS
from registry.kinds.links import LinkRole
from registry.permissions import ROLES, Permission, Role

APPS = ("core", "registry", "policies", "lineage", "audits", "console")


def rows(page: str) -> list[list[str]]:
    """The cells of every table row of a page in docs/."""
    lines = (ROOT / "docs" / page).read_text().splitlines()
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if "|" in line]


def named_in(page: str) -> set[str]:
    """What stands in backticks in the first column."""
    return {name for row in rows(page) for name in re.findall(r"`([^`]+)`", row[0])}


def test_every_event_is_documented_and_every_documented_event_exists() -> None:
    ours = {action for action, event in CATALOGUE.items() if event.__module__.split(".")[0] in APPS}
    documented = {name for name in named_in("events.md") if name.count(".") == 2}

    assert documented == ours


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_documented_with_its_links(kind: str) -> None:
    row = next(row for row in rows("kinds.md") if row[0] == f"`{kind}`")

    assert set(re.findall(r"`([a-z_]+)`", row[2])) == set(KINDS[kind].link_roles)


def test_every_link_role_starts_at_some_kind() -> None:
    assert {role for kind in KINDS.values() for role in kind.link_roles} == set(LinkRole)


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_documented_with_the_roles_that_have_it(permission: str) -> None:
    header = next(row for row in rows("permissions.md") if row[0] == "permission")
    row = next(row for row in rows("permissions.md") if row[0] == f"`{permission}`")
    row += [""] * (len(header) - len(row))
    marked = {role for role, cell in zip(header[2:], row[2:], strict=True) if cell == "✓"}

    assert marked == {role.value for role in Role if permission in ROLES[role]}


def test_every_shipped_policy_is_documented() -> None:
    shipped_names = {f"{policy.pack}.{policy.name}" for policy in shipped()}

    assert {name for name in named_in("policy-packs.md") if "." in name} == shipped_names


@pytest.mark.parametrize("document", ["configuration", "promotion"])
def test_every_policy_input_is_documented(document: str) -> None:
    schema = json.loads(
        (ROOT / "policies" / "documents_schema" / f"{document}.v1.json").read_text()
    )

    assert set(schema["properties"]) <= named_in("policies.md")


def test_every_effect_is_documented() -> None:
    assert set(Effect.values) <= named_in("policies.md")
