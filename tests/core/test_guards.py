"""Insert-only tables: every guard that a migration declares is in the database, and bites."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.utils import timezone

from core.actors import system
from core.facts import end
from core.guards import GuardRows
from core.journal import publish
from core.models import JournalEntry
from registry.guards import BumpEpochOnChange
from registry.models import AssetVersion, Grant, Token, Workspace
from registry.services import members, tokens
from tests.core.test_journal import denied
from tests.factories import administrator, make_model, make_user, make_workspace, member

pytestmark = pytest.mark.django_db


def declared_operations() -> list[tuple[str, Operation]]:
    """Every operation of every migration, with its app."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return [
        (app, operation)
        for (app, _), migration in sorted(loader.disk_migrations.items())
        for operation in migration.operations
    ]


OPERATIONS = declared_operations()
GUARDS = [(app, item) for app, item in OPERATIONS if isinstance(item, GuardRows)]
COUNTERS = [item for _, item in OPERATIONS if isinstance(item, BumpEpochOnChange)]


def triggers() -> set[str]:
    """The names of all triggers of the database."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize(
    ("app", "guard"), GUARDS, ids=[f"{app}.{guard.model_name}" for app, guard in GUARDS]
)
def test_every_declared_guard_is_in_the_database(app: str, guard: GuardRows) -> None:
    table = apps.get_model(guard.app or app, guard.model_name)._meta.db_table

    assert set(guard.trigger_names(table)) <= triggers()


def test_every_counter_of_the_access_epoch_is_in_the_database() -> None:
    expected = {name for counter in COUNTERS for name in counter._triggers()}

    assert len(COUNTERS) >= 5
    assert expected <= triggers()


def test_what_must_never_change_is_guarded() -> None:
    guarded = {f"{app}.{guard.model_name}" for app, guard in GUARDS}

    assert guarded >= {
        "core.JournalEntry",
        "core.JournalSequence",
        "registry.AssetVersion",
        "registry.Spec",
        "registry.Metric",
        "registry.VersionLink",
        "registry.VersionArtifact",
        "registry.FrozenProvenance",
        "registry.AliasMove",
        "registry.Grant",
        "registry.Approval",
        "registry.Token",
    }


def test_a_version_can_be_neither_changed_nor_deleted_through_the_orm() -> None:
    version = make_model(make_workspace())
    row = AssetVersion.objects.filter(pk=version.pk)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.update(digest="sha256:" + "0" * 64)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()

    assert row.get().digest == version.digest


def test_nor_by_sql_behind_the_orms_back() -> None:
    entry = publish(denied(), actor=system())

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE core_journalentry SET subject = 'x' WHERE id = %s", [entry.pk])

    assert JournalEntry.objects.get(pk=entry.pk).subject == entry.subject


def test_mutable_columns_of_a_guarded_table_may_change_and_no_other() -> None:
    workspace = make_workspace()
    row = Workspace.objects.filter(pk=workspace.pk)

    assert row.update(title="Another title") == 1
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.update(stage="production")


def test_a_fact_ends_once_and_its_end_never_moves() -> None:
    member(make_workspace(), "reader", username="somebody")
    grant = Grant.objects.filter(user__username="somebody")
    now = timezone.now()

    assert end(grant, at=now) == 1
    assert end(grant, at=now) == 0
    for later in (None, timezone.now()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            grant.update(valid_to=later)
    assert grant.get().valid_to == now


def test_a_clock_that_was_set_back_cannot_end_a_fact_before_it_began() -> None:
    member(make_workspace(), "reader", username="somebody")
    grant = Grant.objects.filter(user__username="somebody")
    began = grant.get().valid_from

    end(grant, at=began - timedelta(days=365))

    assert grant.get().valid_to == began


def test_what_held_at_a_time_is_answered_alike_for_ever() -> None:
    workspace = make_workspace()
    user = make_user()
    before = timezone.now()
    first = members.grant(
        actor=administrator(), workspace=workspace.slug, role="reader", username=user.username
    )
    during = timezone.now()
    members.revoke(actor=administrator(), grant_uuid=first.uuid)
    second = members.grant(
        actor=administrator(), workspace=workspace.slug, role="author", username=user.username
    )

    held = Grant.objects.filter(user=user)

    assert list(held.as_of(before)) == []
    assert list(held.as_of(during)) == [first]
    assert list(held.as_of(None)) == [second]


def test_a_revoked_token_cannot_be_brought_back() -> None:
    user = make_user()
    issued = tokens.issue(actor=system(), user=user)
    tokens.revoke(actor=system(), token_uuid=issued.token.uuid)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Token.objects.filter(pk=issued.token.pk).update(revoked_at=None)
