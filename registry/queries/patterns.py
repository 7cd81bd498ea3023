"""SQL's LIKE, equal on both databases: ``%`` any text, ``_`` one character, no escape character.

SQLite's own LIKE ignores the case of ASCII letters, so the case-sensitive one is GLOB there.
Letters beyond ASCII are compared by case in SQLite's ILIKE; PostgreSQL folds them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Lookup, TextField

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    TextLookup = Lookup[str]
else:
    TextLookup = Lookup

GLOB_SPECIAL = re.compile(r"[*?\[]")


def as_glob(pattern: str) -> str:
    """Return the GLOB pattern that matches what the LIKE pattern matches, by case."""
    literal = GLOB_SPECIAL.sub(lambda found: f"[{found.group()}]", pattern)
    return literal.replace("%", "*").replace("_", "?")


class _Pattern(TextLookup):
    """Base of the two."""

    sqlite = ""
    postgresql = ""

    def process_rhs(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        """Return the pattern as a parameter: Django would escape it."""
        return "%s", (str(self.rhs),)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        column, column_parameters = self.process_lhs(compiler, connection)
        _, parameters = self.process_rhs(compiler, connection)
        template = self.sqlite if connection.vendor == "sqlite" else self.postgresql
        if connection.vendor == "sqlite" and "GLOB" in template:
            parameters = (as_glob(str(parameters[0])),)
        return template.format(column=column), (*column_parameters, *parameters)


@CharField.register_lookup
@TextField.register_lookup
class Like(_Pattern):
    """``name__like="a%"``: by case."""

    lookup_name = "like"
    sqlite = "{column} GLOB %s"
    postgresql = "{column} LIKE %s ESCAPE ''"


@CharField.register_lookup
@TextField.register_lookup
class ILike(_Pattern):
    """``name__ilike="a%"``: whatever the case."""

    lookup_name = "ilike"
    sqlite = "{column} LIKE %s"
    postgresql = "{column} ILIKE %s ESCAPE ''"
