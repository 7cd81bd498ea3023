"""Entries of the catalogue that a caller may read, by words and by facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    Lookup,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)

from core.merging import FEW, Merged, having
from core.models import ConsumerCursor
from registry import access
from registry.models import (
    AssetOwner,
    CatalogueEntry,
    CatalogueLabel,
    CatalogueMetric,
    CatalogueText,
    Workspace,
)
from registry.models.life import Lifecycle
from registry.queries.catalogue.asked import PATHS
from registry.queries.catalogue.words import asked_words, fts5_query, spaced, tsquery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet
    from django.db.models.sql.compiler import SQLCompiler

    from core.actors import Actor
    from registry.queries.catalogue.asked import Asked, Bound

    TextLookup = Lookup[str]
else:
    TextLookup = Lookup

CONSUMER = "catalogue"
WORDS = "text__everything"
# Of name, summary, facts and prose.
WEIGHTS = (10.0, 4.0, 2.0, 1.0)
# What is out of use does not fill the catalogue.
LEFT_OUT = (Lifecycle.State.ARCHIVED.value,)


@TextField.register_lookup
class Speaks(TextLookup):
    """``text__everything__speaks=query``: the words match, in the form of the database."""

    lookup_name = "speaks"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        column, parameters = self.process_lhs(compiler, connection)
        template = "{} MATCH %s" if connection.vendor == "sqlite" else "{} @@ %s::tsquery"
        return template.format(column), (*parameters, self.rhs)


class Rank(Func):
    """How well the words match; less is better."""

    output_field = FloatField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return BM25 over the columns; the query is that of the condition."""
        weights = ", ".join(map(str, WEIGHTS))
        column, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"bm25({column}, {weights})", tuple(parameters)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        """Return the rank by weight; PostgreSQL writes the weights from D to A, up to 1."""
        weights = ", ".join(str(weight / max(WEIGHTS)) for weight in reversed(WEIGHTS))
        column, query = self.get_source_expressions()
        column_sql, column_parameters = compiler.compile(column)
        query_sql, query_parameters = compiler.compile(query)
        sql = f"-ts_rank('{{{weights}}}', {column_sql}, {query_sql}::tsquery)"
        return sql, [*column_parameters, *query_parameters]


def as_of_seq() -> int:
    """Return the place in the journal up to which the catalogue was told; -1 before the first."""
    seq = ConsumerCursor.objects.filter(consumer=CONSUMER).values_list("seq", flat=True).first()
    return -1 if seq is None else seq


def readable_entries(actor: Actor) -> Merged[CatalogueEntry]:
    """Return the entries of assets in workspaces that ``actor`` may read now."""
    rows: Merged[CatalogueEntry] = Merged(CatalogueEntry)
    rows = access.within_reach(actor, rows)
    return rows.filter(asset__deleted_at__isnull=True)


def search(actor: Actor, asked: Asked, *, leaving: str = "") -> Merged[CatalogueEntry]:
    """Return the entries that answer a question, in no order yet.

    Archived ones are left out unless ``lifecycle`` asks for them. ``leaving`` names a filter that
    is not to count.
    """
    entries = readable_entries(actor)
    for name, values in asked.columns.items():
        if name != leaving:
            entries = _saying(entries, name, values)
    if "lifecycle" not in asked.columns or leaving == "lifecycle":
        entries = entries.exclude(lifecycle__in=LEFT_OUT)
    for name, values in asked.labels.items():
        if name != leaving:
            entries = _labelled(entries, name, values)
    if asked.owners:
        entries = entries.filter(_owned(asked.owners))
    for bound in asked.metrics:
        entries = _measured(actor, entries, bound)
    entries = entries.filter(_measures(asked))
    return spoken_of(entries, asked.query) if asked.query.strip() else entries


def _saying(
    entries: Merged[CatalogueEntry], name: str, values: Sequence[str]
) -> Merged[CatalogueEntry]:
    """Return the entries of which the fact ``name`` is one of ``values``."""
    if name in PATHS:
        fact = PATHS[name].removeprefix("workspace__")
        places = Workspace.objects.filter(**{f"{fact}__in": values})
        return entries.keyed("workspace_id", places.values_list("pk", flat=True))
    saying = CatalogueEntry.objects.filter(**{f"{name}__in": values})
    few = entries.narrowed(saying.values_list("pk", flat=True))
    return entries.filter(**{f"{name}__in": values}) if few is None else few


def _labelled(
    entries: Merged[CatalogueEntry], field: str, values: Sequence[str]
) -> Merged[CatalogueEntry]:
    """Return the entries with each of these labels; a tag may be asked for by its key alone."""
    conditions = []
    for value in values:
        is_key = field == CatalogueLabel.Field.TAG and ":" not in value
        said = Q(value__startswith=f"{value}:") if is_key else Q(value=value)
        conditions.append(said & Q(field=field))
    bearing = CatalogueLabel.objects.filter(conditions[0])
    for condition in conditions[1:]:
        also = CatalogueLabel.objects.filter(condition, entry=OuterRef("entry"))
        bearing = bearing.filter(Exists(also))
    few = entries.narrowed(bearing.values_list("entry_id", flat=True))
    if few is not None:
        return few
    labels = CatalogueLabel.objects
    return entries.filter(*(having(labels.filter(found), "entry") for found in conditions))


def _measured(
    actor: Actor, entries: Merged[CatalogueEntry], bound: Bound
) -> Merged[CatalogueEntry]:
    """Return the entries whose last value of a metric that ``actor`` may see is in bounds."""
    values = CatalogueMetric.objects.filter(
        access.in_reach(actor), name=bound.name, **{f"value__{bound.lookup}": bound.value}
    )
    few = entries.narrowed(values.values_list("entry_id", flat=True))
    return entries.filter(having(values, "entry")) if few is None else few


def _owned(names: Sequence[str]) -> Q:
    """Return the condition that one of the accounts or groups answers for the asset: by name, or
    as its creator while nobody is named."""
    held = AssetOwner.objects.filter(asset=OuterRef("pk"), valid_to__isnull=True)
    named = held.filter(Q(user__username__in=names) | Q(group__name__in=names))
    return Q(Exists(named)) | (Q(asset__created_by__username__in=names) & Q(~Exists(held)))


def _measures(asked: Asked) -> Q:
    wanted = Q()
    if asked.parameters_min is not None:
        wanted &= Q(parameters__gte=asked.parameters_min)
    if asked.parameters_max is not None:
        wanted &= Q(parameters__lte=asked.parameters_max)
    if asked.context_length_min is not None:
        wanted &= Q(context_length__gte=asked.context_length_min)
    if asked.price_max is not None:
        wanted &= Q(price__lte=asked.price_max, currency=asked.currency)
    if asked.updated_after is not None:
        wanted &= Q(updated_at__gt=asked.updated_after)
    return wanted


def spoken_of(entries: Merged[CatalogueEntry], query: str) -> Merged[CatalogueEntry]:
    """Return the entries that have every word of ``query``, or one that begins so.

    Where few do, or few are in reach at all, these are read; else the words are a condition.
    """
    words = asked_words(query)
    if not words:
        return entries.filter(pk__in=())
    spoken = _spoken(words)
    texts = CatalogueText.objects.filter(everything__speaks=spoken)
    few = entries.narrowed(texts.values_list("pk", flat=True))
    if few is None:
        few = entries.narrowed(entries.order_by().values_list("pk", flat=True))
    found = (entries if few is None else few).filter(**{f"{WORDS}__speaks": spoken})
    # The index of words is read once, not once for each workspace.
    return found.merged_by("", None)


def most_likely(entries: QuerySet[CatalogueEntry], query: str) -> QuerySet[CatalogueEntry]:
    """Return the entries to rank, of those that ``spoken_of`` found: all, or of very many the
    1,000 newest and those of that very name. What all have in common ranks nothing."""
    newest = list(entries.order_by("-text").values_list("pk", flat=True)[: FEW + 1])
    if len(newest) <= FEW:
        return entries
    named = entries.filter(name=query.strip()).order_by().values_list("pk", flat=True)[:FEW]
    return entries.filter(pk__in={*newest[:FEW], *named})


def with_words(
    entries: QuerySet[CatalogueEntry], query: str, *, brief: bool = False
) -> QuerySet[CatalogueEntry]:
    """Return the entries that have every word of ``query``, or one that begins so.

    ``brief`` looks at names and summaries alone. A query without any word finds nothing.
    """
    words = asked_words(query)
    if not words:
        return entries.none()
    return entries.filter(**{f"{WORDS}__speaks": _spoken(words, brief=brief)})


def _spoken(words: Sequence[str], *, brief: bool = False) -> str:
    if connection.vendor == "sqlite":
        return fts5_query(words, columns="name summary" if brief else "")
    return tsquery(words, weights="AB" if brief else "")


def ranked(entries: QuerySet[CatalogueEntry], query: str) -> QuerySet[CatalogueEntry]:
    """Return the found entries, the best first: the very name, then names with every word, then
    by rank. ``entries`` are those of ``with_words`` for the same query."""
    words = asked_words(query)
    if not words:
        return entries.order_by("pk")
    in_name = Q()
    for word in words:
        in_name &= Q(name_words__contains=f" {word}")
    tier = Case(
        When(name_words=spaced(query), then=Value(0)),
        When(in_name, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rank = Rank(F(WORDS), Value(_spoken(words), output_field=TextField()))
    return entries.annotate(tier=tier, rank=rank).order_by("tier", "rank", "pk")
