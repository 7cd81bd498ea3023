"""The page of the graph around a node, its picture as a file, and its rows as a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse

from console.pages.lineage import picture, table
from console.pages.lineage.asked import asked, written
from console.pages.lineage.facts import facts_of
from console.pages.lineage.questions import QUESTIONS
from console.pages.shell import page
from core.csv_text import lines
from core.errors import InvalidInput, NotFound
from lineage.drawing import svg
from lineage.graph import Direction, explore
from lineage.graph.exploration import MAX_DEPTH
from lineage.graph.history import changes
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest

    from console.pages.lineage.asked import Asked
    from core.actors import Actor
    from lineage.graph import Graph

MOST_ROWS = 400
DEEPER = 5
DIRECTIONS = {
    Direction.BOTH: "both ways",
    Direction.UPSTREAM: "where it came from",
    Direction.DOWNSTREAM: "what came of it",
}


def lineage(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the page; ``part`` in the address asks for what changes with the question alone.

    Its script asks for the moments at which the graph changed.

    What cannot be asked is told on the page. Raises NotFound for a missing or foreign node.
    """
    actor = actor_of(request)
    is_part = bool(request.GET.get("part"))
    context: dict[str, Any] = {"directions": DIRECTIONS, "most": MAX_DEPTH, "questions": QUESTIONS}
    context["form"] = {name: request.GET.get(name, "") for name in ("node", "depth", "as_of")}
    try:
        question = asked(request.GET)
        context["asked"] = question
        context["form"] |= {"depth": question.depth}
        context["form"] |= {"as_of": written(question.as_of)} if question.as_of else {}
        if question.node:
            context |= _shown(actor, question)
    except InvalidInput as error:
        context["problems"] = error.errors or [error]
    if is_part:
        return TemplateResponse(request, "console/_lineage.html", context)
    title = context.get("title", "Lineage")
    return page(site, request, "console/lineage.html", **{**context, "title": title})


def drawing(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the picture as an SVG file that needs nothing else, for reports and paper."""
    actor, question = actor_of(request), asked(request.GET)
    graph = _graph(actor, question)
    shown = picture.folded(graph, question)
    facts = facts_of(actor, picture.drawn_nodes(graph, shown), as_of=question.as_of)
    drawn = svg.standalone(picture.picture(graph, shown, question, facts))
    headers = {"Content-Disposition": 'inline; filename="lineage.svg"'}
    return HttpResponse(drawn, content_type="image/svg+xml", headers=headers)


def rows(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return every node of the graph, drawn or not, as CSV."""
    actor, question = actor_of(request), asked(request.GET)
    graph = _graph(actor, question)
    facts = facts_of(actor, graph.nodes, as_of=question.as_of)
    found = table.rows(graph, facts, frozenset(node.id for node in graph.nodes))
    headers = {"Content-Disposition": 'attachment; filename="lineage.csv"'}
    text = "".join(lines(table.cells(found)))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def moments(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the moments at which the graph changed, oldest first, from the one on at which the
    root was there: where a slider stops."""
    actor, question = actor_of(request), asked(request.GET)
    graph = _graph(actor, replace(question.now(), depth=0))
    root = facts_of(actor, graph.nodes).get(graph.root)
    first = written(root.created_at) if root else ""
    found = changes(actor, question.node, direction=question.direction, depth=question.depth)
    return JsonResponse({"moments": sorted({max(written(each), first) for each in found})})


def _graph(actor: Actor, question: Asked) -> Graph:
    return explore(
        actor,
        question.node,
        direction=question.direction,
        depth=question.depth,
        as_of=question.as_of,
    )


def _shown(actor: Actor, question: Asked) -> dict[str, Any]:
    """Return what the page shows of the graph; of a node that was not there at the asked moment,
    only that."""
    try:
        graph = _graph(actor, question)
    except NotFound:
        if question.as_of is None:
            raise
        _graph(actor, replace(question.now(), depth=0))
        return {"is_too_early": True}
    shown = picture.folded(graph, question)
    drawn = picture.drawn_nodes(graph, shown)
    listed = {node.id for node in drawn}
    rest = [node for node in graph.nodes if node.id not in listed]
    tabled = [*drawn, *rest[: max(0, MOST_ROWS - len(drawn))]]
    facts = facts_of(actor, tabled, as_of=question.as_of)
    drawing = picture.picture(graph, shown, question, facts)
    found = table.rows(graph, facts, frozenset(listed))
    return {
        "title": drawing.title,
        "graph": graph,
        "root": graph.by_id[graph.root],
        "svg": svg.inline(drawing),
        "legend": svg.legend(drawing),
        "notes": drawing.notes,
        "deeper": question.deeper(DEEPER).query if graph.has_more else "",
        "rows": found[: len(tabled)],
        "left_out": len(found) - len(tabled),
        "has_folds": bool(question.opened or question.shut),
        "plain": question.around(question.node).query,
    }
