"""The migrated database that tests copy is never that of another state of the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.support.migrated import digest_of

CHECKOUT = {
    "requirements-dev.lock": "django==5.2",
    "config/settings.py": "INSTALLED_APPS = []",
    "shop/migrations/0001_initial.py": "import shop.tables\nPLACE = 'shop.prices'\n",
    "shop/tables.py": "from shop import names\n",
    "shop/names.py": "TABLE = 'shop_item'",
    "shop/prices/first.json": "[1]",
    "shop/views.py": "from shop import names\n",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, text in CHECKOUT.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("changed", sorted(set(CHECKOUT) - {"shop/views.py"}))
def test_what_migrations_are_made_of_makes_it_another(checkout: Path, changed: str) -> None:
    before = digest_of(checkout)

    (checkout / changed).write_text("# changed")

    assert digest_of(checkout) != before


def test_one_more_migration_makes_it_another(checkout: Path) -> None:
    before = digest_of(checkout)

    (checkout / "shop" / "migrations" / "0002_more.py").touch()

    assert digest_of(checkout) != before


def test_what_migrations_do_not_use_leaves_it(checkout: Path) -> None:
    before = digest_of(checkout)

    (checkout / "shop" / "views.py").write_text("# changed")

    assert digest_of(checkout) == before


@pytest.mark.django_db
def test_no_migration_is_missing_from_the_copy() -> None:
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
