"""Statements that the ORM compiles once, for what is asked in every request.

To build and compile a query costs the ORM ten times what running it costs the database. Here the
query is written as ever, with a ``Parameter`` where a value goes, compiled at its first use, and
only run from then on. Rows come back as the ORM would return them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connection, transaction
from django.db.models import Expression, Field, Model
from django.db.models.constants import OnConflict
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.db.models import Manager, QuerySet

RowT = TypeVar("RowT")
ModelT = TypeVar("ModelT", bound=Model)


class Parameter(Expression):
    """The place of a value in a ``Statement``, called ``name`` where the statement is run.

    With ``field`` the value is prepared as one of that field: needed for ids and times that a
    database stores in a form of its own, and beside an operator. None equals nothing, as in SQL.
    """

    def __init__(self, name: str, field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.prepares = field

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return a placeholder, and this for its value."""
        return "%s", [self]

    def prepared(self, values: Mapping[str, Any]) -> Any:
        """Return the value in the form that the database driver takes."""
        value = values[self.name]
        if self.prepares is None:
            return value
        return self.prepares.get_db_prep_value(value, connection)


@dataclass(frozen=True)
class _Text:
    """SQL, and its parameters: values, and places of values."""

    sql: str
    parameters: Sequence[Any]

    def run(self, cursor: Any, values: Mapping[str, Any]) -> None:
        cursor.execute(
            self.sql,
            [
                item.prepared(values) if isinstance(item, Parameter) else item
                for item in self.parameters
            ],
        )


class Statement(Generic[RowT]):
    """A SELECT, written as a function that returns its queryset.

    The queryset may join, annotate and lock; it may not prefetch, nor have a value that differs
    from one run to the next outside a ``Parameter``.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, RowT]]) -> None:
        self._build = build
        self._compiled: dict[str, _Select] = {}

    def all(self, **values: Any) -> list[RowT]:
        """Return the rows; each ``Parameter`` takes the value of its name."""
        vendor = connection.vendor
        select = self._compiled.get(vendor)
        if select is None:
            select = self._compiled[vendor] = _Select.of(self._build())
        return select.rows(values)

    def first(self, **values: Any) -> RowT | None:
        """Return the first row, if there is one."""
        found = self.all(**values)
        return found[0] if found else None

    def one(self, **values: Any) -> RowT:
        """Return the first row; raises LookupError where there is none."""
        return self.all(**values)[0]


@dataclass(frozen=True)
class _Select:
    """A compiled SELECT, and how its columns become rows."""

    text: _Text
    is_locking: bool
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]
    model: type[Model] | None
    columns: Sequence[str]
    first_column: int
    annotations: Mapping[str, int]
    populators: Sequence[Any]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> _Select:
        # Typed loosely: the compilers of the ORM have no types.
        found: Any = rows
        compiler = found.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        expressions = [item[0] for item in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(expressions)
        is_of_models = issubclass(found._iterable_class, ModelIterable)  # noqa: SLF001 - as the ORM
        info = compiler.klass_info if is_of_models else None
        columns, start, populators = [], 0, []
        if info is not None:
            start, end = info["select_fields"][0], info["select_fields"][-1] + 1
            columns = [item[0].target.attname for item in compiler.select[start:end]]
            populate: Any = get_related_populators
            populators = populate(info, compiler.select, connection.alias)
        return cls(
            text=_Text(sql, parameters),
            is_locking=found.query.select_for_update,
            converters=[(place, functions, of) for place, (functions, of) in converters.items()],
            model=info["model"] if info is not None else None,
            columns=columns,
            first_column=start,
            annotations=compiler.annotation_col_map or {},
            populators=populators,
        )

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        if self.is_locking and not connection.in_atomic_block:
            raise transaction.TransactionManagementError("A row is locked in a transaction only.")
        with connection.cursor() as cursor:
            self.text.run(cursor, values)
            return [self._row(row) for row in cursor.fetchall()]

    def _row(self, found: Sequence[Any]) -> Any:
        row = list(found)
        for place, functions, expression in self.converters:
            value = row[place]
            for function in functions:
                value = function(value, expression, connection)
            row[place] = value
        if self.model is None:
            return row[0] if len(row) == 1 else tuple(row)
        start, end = self.first_column, self.first_column + len(self.columns)
        instance = self.model.from_db(connection.alias, self.columns, row[start:end])
        for populator in self.populators:
            populator.populate(row, instance)
        for name, place in self.annotations.items():
            setattr(instance, name, row[place])
        return instance


class Update:
    """An UPDATE of the rows of a queryset, which gives the new value of one field back."""

    def __init__(
        self,
        build: Callable[[], QuerySet[Any, Any]],
        *,
        returning: str,
        **changes: Any,
    ) -> None:
        self._build = build
        self._returning = returning
        self._changes = changes
        self._compiled: dict[str, _Text] = {}

    def run(self, **values: Any) -> list[Any]:
        """Change the rows; return the value of the field in each."""
        vendor = connection.vendor
        text = self._compiled.get(vendor)
        if text is None:
            text = self._compiled[vendor] = self._compile()
        with connection.cursor() as cursor:
            text.run(cursor, values)
            return [row[0] for row in cursor.fetchall()]

    def _compile(self) -> _Text:
        rows: Any = self._build()
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(self._changes)
        sql, parameters = query.get_compiler(connection=connection).as_sql()
        column = rows.model._meta.get_field(self._returning).column
        return _Text(f"{sql} RETURNING {connection.ops.quote_name(column)}", parameters)


@dataclass(frozen=True)
class _Insert:
    """A compiled INSERT of one row."""

    sql: str
    fields: Sequence[Any]
    returned: Sequence[Any]


def insert(row: ModelT) -> ModelT:
    """Write one new row as ``bulk_create`` would (no signals), and return it with its id."""
    known = _insert(type(row), connection.vendor, is_tolerant=False)
    with connection.cursor() as cursor:
        cursor.execute(known.sql, _values(known, row))
        if known.returned:
            for field, value in zip(known.returned, cursor.fetchone(), strict=True):
                setattr(row, field.attname, value)
    state = row._state  # noqa: SLF001 - the ORM's own mark of a row that is stored
    state.adding, state.db = False, connection.alias
    return row


def insert_missing(row: Model) -> None:
    """Write one row unless it contradicts a unique one that is there already."""
    known = _insert(type(row), connection.vendor, is_tolerant=True)
    with connection.cursor() as cursor:
        cursor.execute(known.sql, _values(known, row))


def insert_all(rows: Iterable[ModelT], *, batch_size: int | None = None) -> list[ModelT]:
    """Write new rows of one model: none without a query, one by the compiled statement."""
    given = list(rows)
    if len(given) <= 1:
        return [insert(row) for row in given]
    manager: Manager[ModelT] = type(given[0])._default_manager  # noqa: SLF001 - Django documents it
    return manager.bulk_create(given, batch_size=batch_size)


def _values(known: _Insert, row: Model) -> list[Any]:
    return [
        field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
        for field in known.fields
    ]


@cache
def _insert(model: type[Model], vendor: str, *, is_tolerant: bool) -> _Insert:
    """Return the compiled INSERT of ``model`` for the kind of database."""
    meta: Any = model._meta
    fields = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
    query: Any = InsertQuery(model, on_conflict=OnConflict.IGNORE if is_tolerant else None)
    query.insert_values(fields, [model()])
    compiler = query.get_compiler(connection=connection)
    returned = [] if is_tolerant else meta.db_returning_fields
    compiler.returning_fields = returned
    ((sql, _),) = compiler.as_sql()
    return _Insert(sql, fields, returned)
