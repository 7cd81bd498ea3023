"""Migrations that create many tables at once: nothing is lost on the way."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from core.guards import GuardRows
from core.tables import CreateTables, Migration, in_batches

OURS = [
    model
    for app in ("core", "registry", "lineage", "policies", "audits")
    for model in apps.get_app_config(app).get_models()
]
FIELD = models.IntegerField()


def definitions(table: str) -> str:
    """The SQL of a table and of its indexes, or the names in it that PostgreSQL gives."""
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL"
        if connection.vendor == "sqlite"
        else "SELECT quote_ident(conname) FROM pg_constraint WHERE conrelid = %s::regclass "
        "UNION SELECT quote_ident(indexname) FROM pg_indexes WHERE tablename = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [table] * query.count("%s"))
        return " ".join(text for (text,) in cursor.fetchall()).replace('"', " ")


@pytest.mark.django_db
@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_each_column_constraint_and_index_of_a_model_is_in_the_database(
    model: type[models.Model],
) -> None:
    list(model._base_manager.values()[:1])
    names = definitions(model._meta.db_table).split()

    assert {item.name for item in [*model._meta.constraints, *model._meta.indexes]} <= set(names)


@pytest.mark.django_db
def test_columns_that_are_unique_together_are_so_in_the_database() -> None:
    together = [(model, fields) for model in OURS for fields in model._meta.unique_together]

    assert together
    for model, fields in together:
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        column = {field.name: field.column for field in model._meta.local_concrete_fields}
        unique = [item["columns"] for item in found.values() if item["unique"]]
        assert [column[name] for name in fields] in unique


def test_batches_keep_every_step_in_its_order() -> None:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    ours = [item for item in loader.disk_migrations.values() if isinstance(item, Migration)]

    assert ours
    for migration in ours:
        flat = [
            step
            for item in in_batches(migration.operations)
            for step in (item.steps if isinstance(item, CreateTables) else [item])
        ]
        assert flat == list(migration.operations)


def test_steps_on_an_older_table_and_data_steps_stay_apart() -> None:
    new = migrations.CreateModel("New", [("id", models.AutoField(primary_key=True))])
    to_new = migrations.AddField("new", "size", FIELD)
    index = migrations.AddIndex("new", models.Index(fields=["size"], name="by_size"))
    guard = GuardRows("New")
    to_old = migrations.AddField("old", "size", FIELD)
    data = migrations.RunPython(migrations.RunPython.noop)
    late = migrations.AddField("new", "late", FIELD)

    batched = in_batches([new, to_new, index, guard, to_old, data, late])

    assert [item.steps for item in batched if isinstance(item, CreateTables)] == [
        [new, to_new, index, guard]
    ]
    assert batched[1:] == [to_old, data, late]
