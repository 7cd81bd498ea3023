"""What was assigned and exempted before stands as it did, forwards and backwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

BEFORE = [("policies", "0003_fixtures")]
AFTER = [("policies", "0004_terms")]


def migrate(targets: list[tuple[str, str]]) -> Any:
    """Migrate and return the models as they are there."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_enforcement_and_members_move_over_and_back() -> None:
    newest = [node for node in MigrationExecutor(connection).loader.graph.leaf_nodes()]
    try:
        old = migrate(BEFORE)
        user = old.get_model("core", "User").objects.create(username="somebody")
        place = old.get_model("registry", "Workspace").objects.create(
            slug="prod", title="Prod", stage="production"
        )
        policy = old.get_model("policies", "Policy").objects.create(name="p", package="p")
        version = old.get_model("policies", "PolicyVersion").objects.create(
            policy=policy,
            number=1,
            source="package p",
            digest="sha256:" + "0" * 64,
            metadata={},
            reads_now=False,
        )
        assignment = old.get_model("policies", "Assignment").objects.create(
            scope="workspace",
            workspace=place,
            policy_version=version,
            effect="deny",
            is_enforced=False,
            assigned_by=user,
        )
        old.get_model("policies", "Exemption").objects.create(
            assignment=assignment,
            workspace=place,
            reference_id="a",
            category="waiver",
            reason="because",
            requested_by=user,
            expires_at=timezone.now() + timezone.timedelta(days=9),
        )

        new = migrate(AFTER)
        fact = new.get_model("policies", "AssignmentEnforcement").objects.get()
        assert (fact.is_enforced, fact.percent, fact.set_by_id) == (False, 100, user.pk)
        assert fact.valid_from == assignment.valid_from
        exemption = new.get_model("policies", "Exemption").objects.get()
        assert (exemption.reference_ids, exemption.owner_id) == (["a"], user.pk)

        back = migrate(BEFORE)
        assert back.get_model("policies", "Assignment").objects.get().is_enforced is False
        assert back.get_model("policies", "Exemption").objects.get().reference_id == "a"
    finally:
        migrate(newest)
