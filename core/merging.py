"""Lists of rows that carry one of some keys, newest first, at a cost that no other row matters to.

``WHERE workspace_id IN (...) ORDER BY id DESC LIMIT 50`` leaves a database two plans: to walk all
rows from the newest on until 50 fit, or to sort all that fit. Each is ruinous for somebody: the
first where few rows are in reach, the second where many are. With an index that begins with the
key and goes on in the order asked for, the first 50 of each key are read and merged instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import (
    BooleanField,
    Func,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.lookups import IsNull

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

AnyModel = TypeVar("AnyModel", bound=Model)

# SQLite merges 500 selects at most; with more keys than this the usual plans serve well enough.
MAX_KEYS = 400
# What is rarer than this is read whole rather than looked for along the way.
FEW = 1_000
KEY = '"branch"."key"'


class Merged(QuerySet[AnyModel]):
    """Rows that were ``keyed``; a slice of them in order reads that many of each key at most."""

    _column = ""
    _keys: tuple[int, ...] | None = None

    def keyed(self, column: str, keys: Collection[int]) -> Self:
        """Return the rows with one of ``keys`` in ``column``, which is the one to merge by."""
        known = self._keys if column == self._column else None
        wanted = tuple(sorted(set(keys) if known is None else set(keys).intersection(known)))
        if len(wanted) > 1:
            return self.filter(Among(column, wanted)).merged_by(column, wanted)
        alone = {column: wanted[0]} if wanted else {"pk__in": ()}
        return self.filter(**alone).merged_by(column, wanted)

    def keyed_alike(self, others: Merged[Any]) -> Merged[Any]:
        """Return those of ``others`` with the keys of these rows, in the column of that name."""
        return others if self._keys is None else others.keyed(self._column, self._keys)

    def narrowed(self, ids: QuerySet[Any]) -> Self | None:
        """Return those of the rows whose key is among ``ids``, a column; None if these are many.

        That costs a query. The few are then read whole, in whatever order.
        """
        few = list(ids[: FEW + 1])
        if len(few) > FEW:
            return None
        return self.filter(pk__in=few).merged_by("", None)

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        return clone.merged_by(self._column, self._keys)

    def merged_by(self, column: str, keys: tuple[int, ...] | None) -> Self:
        """Let this very query be merged by ``column``, or not; it filters nothing."""
        self._column, self._keys = column, keys
        return self

    def __getitem__(self, index: Any) -> Any:
        """Return a row or a slice; a slice from the start, in order, is merged."""
        mergeable = (
            isinstance(index, slice)
            and self._result_cache is None
            and index.stop is not None
            and not self.query.is_sliced
            and 1 < len(self._keys or ()) <= MAX_KEYS
            and bool(self.query.order_by)
        )
        if not mergeable:
            return super().__getitem__(index)
        plain = self._clone().merged_by("", None)
        first = plain.values_list("pk", flat=True)[: index.stop]
        return plain.filter(Heads(first, self._column, self._keys or ()))[index]


def having(beside: QuerySet[Any], owner: str, *, own: str = "pk") -> IsNull:
    """Return the condition that a row of ``beside`` stands beside the row, asked of each row.

    ``owner`` leads from there to the row's ``own`` column. PostgreSQL would turn EXISTS into a join
    with all of ``beside`` even where the first fifty rows that are met have one.
    """
    found = beside.filter(**{owner: OuterRef(own)}).order_by().values(owner)[:1]
    return IsNull(Subquery(found), False)


def among(column: str, keys: Sequence[int]) -> str:
    """Return the SQL of having one of ``keys``, told apart from any other such list."""
    return f"IN (/* {column} */ {', '.join(str(int(key)) for key in keys)})"


class Among(Func):
    """The condition that a column holds one of some keys."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, keys: Sequence[int]) -> None:
        super().__init__(column)
        self.column, self.keys = column, keys

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the keys as they are: numbers of ours."""
        column, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"{column} {among(self.column, self.keys)}", tuple(parameters)


class Heads(Func):
    """The condition that a row is among the first of one of the keys."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, first: QuerySet[Any], column: str, keys: Sequence[int]) -> None:
        super().__init__("pk")
        self.first, self.column, self.keys = first, column, keys

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        """Return one select for each key on SQLite, a lateral join on PostgreSQL."""
        column, _ = compiler.compile(self.get_source_expressions()[0])
        sql, parameters = self.first.query.get_compiler(connection=connection).as_sql()
        # In its branch each has one key, and no more: asked for twice, planners expect too little.
        sql = sql.replace(among(self.column, self.keys), f"= {KEY}")
        if connection.vendor == "sqlite":
            parts = [f"SELECT * FROM ({sql.replace(KEY, str(int(key)))})" for key in self.keys]  # noqa: S608
            return f"{column} IN ({' UNION ALL '.join(parts)})", tuple(parameters) * len(self.keys)
        keys = ", ".join(str(int(key)) for key in self.keys)
        source = f'unnest(ARRAY[{keys}]::bigint[]) AS "branch" ("key")'
        lateral = f'SELECT "head".* FROM {source} CROSS JOIN LATERAL ({sql}) AS "head"'  # noqa: S608
        return f"{column} IN ({lateral})", tuple(parameters)
