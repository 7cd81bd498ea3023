"""Tables as JSON or CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, StreamingHttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from core.csv_text import lines
from lineage.queries.questions.table import Table, cell

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from lineage.graph import Graph

CSV = "text/csv; charset=utf-8; header=present"
NODE_COLUMNS = (
    "level",
    "type",
    "ref",
    "namespace",
    "name",
    "kind",
    "workspace",
    "stage",
    "digest",
    "aliases",
    "visible",
    "frozen",
)


class FormatSerializer(serializers.Serializer[Any]):
    """How to answer."""

    format = serializers.ChoiceField(choices=["json", "csv"], default="json")


class TableSerializer(serializers.Serializer[Table]):
    """An answer as rows that all have the same columns."""

    question = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.DictField())
    is_complete = serializers.BooleanField(help_text="Whether nothing was left out.")
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What was left out, and why."
    )


def answer(table: Table, file_format: str) -> HttpResponseBase:
    """Return ``table`` as JSON, or as a CSV file to keep."""
    if file_format == "json":
        return Response(TableSerializer(table).data)
    return StreamingHttpResponse(
        table.as_csv(), content_type=CSV, headers=_attached(table.question)
    )


def nodes_as_csv(graph: Graph) -> HttpResponseBase:
    """Return the nodes of ``graph`` as a CSV file, from the farthest source on."""
    rows = ([cell(getattr(node, column)) for column in NODE_COLUMNS] for node in graph.nodes)
    text = "".join(lines([NODE_COLUMNS, *rows]))
    return HttpResponse(text, content_type=CSV, headers=_attached("lineage"))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.csv"'}
