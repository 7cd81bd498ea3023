"""Pages of the questions that people ask of lineage: a form, one table, one CSV file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone

from console.pages.lineage.asked import moment
from console.pages.shell import page
from core.errors import FieldError, InvalidInput, NotFound
from lineage.queries import questions
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest

    from core.actors import Actor
    from lineage.queries.questions import Table

MOST_ROWS = 500
NODE = "workspace/kind/name/number or @alias"
# Columns whose cells name a node, a way through the graph, or a digest.
NODES = {"data", "affected", "source", "version", "origin", "before", "after"}
DIGESTS = {"digest", "source_digest", "before_digest", "after_digest"}


class Field(NamedTuple):
    """A field of a question's form."""

    name: str
    label: str
    hint: str = ""
    is_required: bool = False
    type: str = "text"


@dataclass(frozen=True)
class Question:
    """A question: in words, its form, the read that answers it, and which way its graph looks."""

    slug: str
    short: str
    title: str
    summary: str
    fields: tuple[Field, ...]
    ask: Callable[[Actor, Mapping[str, Any]], Table]
    none: str
    direction: str = ""


VERSION = Field("node", "Version", NODE, is_required=True)
WORKSPACE = Field("workspace", "Workspace", "all in production")
AT = Field("at", "At (UTC)", type="datetime-local")
QUESTIONS = (
    Question(
        "training-data",
        "Training data",
        "What data went into this?",
        "Every dataset upstream of a version, through base models too, with digests and licences.",
        (VERSION, Field("as_of", "As of (UTC)", type="datetime-local")),
        lambda actor, given: questions.training_data(actor, given["node"], as_of=given["as_of"]),
        "No dataset is known upstream of it.",
        direction="upstream",
    ),
    Question(
        "impact",
        "Impact",
        "What is touched by this?",
        "Everything downstream of a dataset, base model or prompt: where it serves, and whom to "
        "call.",
        (VERSION,),
        lambda actor, given: questions.impact(actor, given["node"]),
        "Nothing came of it.",
        direction="downstream",
    ),
    Question(
        "fed-production",
        "What fed production",
        "What fed production then?",
        "Each alias and serving deployment of production at a time, with all that it came from.",
        (AT, WORKSPACE),
        lambda actor, given: questions.fed_production(
            actor, given["at"] or timezone.now(), workspace=given["workspace"]
        ),
        "Nothing stood in production then.",
    ),
    Question(
        "changes",
        "Changes",
        "What changed between two versions?",
        "Which assets are upstream of one version and not of the other, or in other versions.",
        (
            Field("before", "Before", NODE, is_required=True),
            Field("after", "After", NODE, is_required=True),
        ),
        lambda actor, given: questions.changes(actor, given["before"], given["after"]),
        "Their lineages are the same.",
    ),
    Question(
        "unknown-origins",
        "Unknown origins",
        "What in production has unknown origins?",
        "What is not known of what stands in production: data not linked, no source, no licence.",
        (WORKSPACE,),
        lambda actor, given: questions.unknown_origins(actor, workspace=given["workspace"]),
        "The origins of all that stands in production are known.",
    ),
)
BY_SLUG = {question.slug: question for question in QUESTIONS}


class Cell(NamedTuple):
    """A cell of the table: its column, texts, and how they are shown."""

    column: str
    texts: list[str]
    look: str


def answer(site: AdminSite, request: HttpRequest, slug: str) -> HttpResponse:
    """Return the page of a question, its table as CSV with ``format=csv``.

    Raises NotFound for a question that there is not, and for a missing or foreign node.
    """
    question = BY_SLUG.get(slug)
    if question is None:
        raise NotFound
    given = {field.name: request.GET.get(field.name, "").strip() for field in question.fields}
    missing = [
        field.name for field in question.fields if field.is_required and not given[field.name]
    ]
    table, problems = None, []
    try:
        if not missing:
            table = question.ask(actor_of(request), _read(question, given))
    except InvalidInput as error:
        problems = [*error.errors] or [FieldError("", error.detail)]
    if table is not None and request.GET.get("format") == "csv":
        return _file(table)
    return page(
        site,
        request,
        "console/lineage_question.html",
        title=question.title,
        question=question,
        questions=QUESTIONS,
        fields=[(field, given[field.name]) for field in question.fields],
        problems=problems,
        csv="?" + urlencode({**{k: v for k, v in given.items() if v}, "format": "csv"}),
        graph=_graph_of(question, given),
        **_shown(table),
    )


def _shown(table: Table | None) -> dict[str, Any]:
    """Return what the page shows of an answer, and how much of it is in the file alone."""
    if table is None:
        return {"table": None}
    columns = _columns(table)
    return {
        "table": table,
        "columns": columns,
        "rows": [_cells(columns, row) for row in table.rows[:MOST_ROWS]],
        "left_out": max(0, len(table.rows) - MOST_ROWS),
    }


def _read(question: Question, given: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = dict(given)
    for field in question.fields:
        if field.type == "datetime-local":
            found[field.name] = _moment(field.name, given[field.name])
    return found


def _moment(name: str, text: str) -> datetime | None:
    try:
        return moment(text)
    except (ValueError, OverflowError):
        raise InvalidInput.of(name, "must be a date and time, as 2026-03-01T12:00") from None


def _file(table: Table) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="lineage-{table.question}.csv"'}
    text = "".join(table.as_csv())
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _columns(table: Table) -> list[str]:
    """Return the columns in which anything stands: what is always empty is in the file alone."""
    empty: tuple[object, ...] = (None, "", [], ())
    return [each for each in table.columns if any(row[each] not in empty for row in table.rows)]


def _cells(columns: Sequence[str], row: Mapping[str, Any]) -> list[Cell]:
    found = []
    for column in columns:
        value = row[column]
        texts = value if isinstance(value, list | tuple) else [value]
        shown = [_text(each) for each in texts if each is not None and each != ""]
        found.append(Cell(column, shown, _look(column)))
    return found


def _text(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _look(column: str) -> str:
    if column in NODES:
        return "node"
    if column in DIGESTS:
        return "digest"
    return column if column in {"path", "stage", "place"} else ""


def _graph_of(question: Question, given: Mapping[str, str]) -> str:
    """Return the query of the graph that the table was read from, empty where it is many."""
    if not question.direction or not given["node"]:
        return ""
    asked = {"node": given["node"], "direction": question.direction, "depth": 50}
    return "?" + urlencode(asked | ({"as_of": given["as_of"]} if given.get("as_of") else {}))
