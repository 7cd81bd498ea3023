"""A graph as one SVG: self-contained, the same for the same graph, fit for paper."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lineage.drawing import palette
from lineage.drawing.cards import drawn
from lineage.drawing.lettering import width
from lineage.drawing.markup import safe, tag
from lineage.drawing.shapes import LANE_TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lineage.drawing.cards import Card
    from lineage.drawing.shapes import Layout, Place, Route

FONT = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
HEAD, FOOT, LINE = 60, 26, 18
OUTSIDE = "dataset outside"
LEAST_WIDTH = 720


@dataclass(frozen=True)
class Picture:
    """A laid-out graph with what its nodes show; ``relations`` are those of each drawn edge.

    ``title`` and ``notes`` stand above a picture that is a file of its own.
    """

    layout: Layout
    cards: Mapping[str, Card]
    relations: Mapping[tuple[str, str], tuple[str, ...]]
    title: str = ""
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def kinds(self) -> list[str]:
        """Return the kinds that occur, for a legend."""
        shapes = {card.shape for card in self.cards.values()}
        kinds = {card.kind for card in self.cards.values() if card.shape in {"version", "roll"}}
        return sorted(kinds) + [OUTSIDE] * ("dataset" in shapes)

    @property
    def sorts(self) -> list[str]:
        """Return the sorts of relations that occur, for a legend."""
        found = {palette.sort_of(each) for each in self.relations.values()}
        return [sort for sort in palette.STROKES if sort in found]


def inline(picture: Picture) -> str:
    """Return the picture as a part of a page, which has the title and the legend itself."""
    across, down = picture.layout.width, picture.layout.height
    return tag(
        "svg",
        _heads(),
        *_body(picture),
        class_="mu-graph",
        role="group",
        aria_label=picture.title,
        **_sized(across, down),
    )


def standalone(picture: Picture) -> str:
    """Return the picture as a file: with title, notes and legend, on white, and nothing that leads
    elsewhere."""
    still = {each: replace(card, href="", handles={}) for each, card in picture.cards.items()}
    picture = replace(picture, cards=still)
    layout = picture.layout
    across = max(layout.width, LEAST_WIDTH)
    legend, rows = _legend(picture, across)
    head = HEAD + LINE * max(len(picture.notes) - 1, 0)
    down = head + layout.height + FOOT * rows + 12
    small = {"font_size": 11.5, "fill": palette.QUIET}
    foot = f"translate(16 {head + layout.height + 18:g})"
    heading = {"x": 16, "y": 26, "font_size": 16, "font_weight": 600, "fill": palette.INK}
    return tag(
        "svg",
        tag("title", safe(picture.title)),
        tag("desc", safe(" ".join(picture.notes))),
        tag("rect", width=across, height=down, fill=palette.PAPER),
        tag("text", safe(picture.title), **heading),
        *(
            tag("text", safe(note), x=16, y=46 + LINE * line, **small)
            for line, note in enumerate(picture.notes)
        ),
        _heads(),
        tag("g", *_body(picture), transform=f"translate(0 {head})"),
        tag("g", *legend, transform=foot, **small),
        role="img",
        **_sized(across, down),
    )


def _sized(across: float, down: float) -> dict[str, object]:
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {across:g} {down:g}",
        "width": across,
        "height": down,
        "font_family": FONT,
    }


def _heads() -> str:
    """Return the heads of arrows, one for each sort of relation: a marker has its own colour."""
    look = {"viewBox": "0 0 8 8", "refX": 7, "refY": 4, "markerWidth": 8, "markerHeight": 8}
    heads = (
        tag(
            "marker",
            tag("path", d="M0 .8L7.4 4L0 7.2z", fill=stroke.colour),
            id=f"mu-head-{sort}",
            class_=f"r-{sort}",
            markerUnits="userSpaceOnUse",
            orient="auto",
            **look,
        )
        for sort, stroke in palette.STROKES.items()
    )
    return tag("defs", *heads)


def _body(picture: Picture) -> Iterator[str]:
    layout = picture.layout
    yield from _bands(layout)
    edges = [_edge(each, picture.relations[each.source, each.target]) for each in layout.routes]
    yield tag("g", "\n", *edges, class_="edges", fill="none")
    nodes = sorted(layout.places.items(), key=_reading_order)
    drawings = [drawn(picture.cards[identity], place) for identity, place in nodes]
    yield tag("g", "\n", *drawings, class_="nodes")


def _reading_order(item: tuple[str, Place]) -> tuple[int, int]:
    return item[1].column, item[1].row


def _bands(layout: Layout) -> Iterator[str]:
    words = {"x": 16, "font_size": 11.5, "font_weight": 600, "fill": palette.QUIET}
    for number, band in enumerate(layout.bands):
        ground = palette.PAPER if number % 2 else palette.GROUND
        box = {"y": band.y, "width": layout.width, "height": band.height, "fill": ground}
        title = band.name or "outside"
        yield tag(
            "g",
            tag("rect", class_=f"lane-{number % 2}", **box),
            tag("text", safe(title), class_="quiet", y=band.y + LANE_TITLE - 9, **words),
            class_="lane",
        )


def _edge(route: Route, relations: tuple[str, ...]) -> str:
    sort = palette.sort_of(relations)
    stroke = palette.STROKES[sort]
    words = ", ".join(each.replace("_", " ") for each in relations if each) or stroke.words
    return tag(
        "path",
        tag("title", safe(words)),
        class_=f"edge r-{sort}" + " back" * route.is_back,
        data_from=route.source,
        data_to=route.target,
        data_words=words,
        d=_path(route),
        stroke=stroke.colour,
        stroke_width=stroke.width,
        stroke_dasharray=stroke.dashes,
        marker_end=f"url(#mu-head-{sort})",
    )


def _path(route: Route) -> str:
    """Return the curve through the points: level where it meets a node or passes one."""
    (x, y), *rest = route.points
    parts = [f"M{x:g} {y:g}"]
    for index, (to_x, to_y) in enumerate(rest):
        if index % 2 or to_y == y:
            parts.append(f"L{to_x:g} {to_y:g}")
        else:
            middle = (x + to_x) / 2
            parts.append(f"C{middle:g} {y:g} {middle:g} {to_y:g} {to_x:g} {to_y:g}")
        x, y = to_x, to_y
    return "".join(parts)


def swatch(name: str) -> str:
    """Return a small SVG that shows a kind or a sort of relation in a legend."""
    frame = {"class_": "mu-swatch", "aria_hidden": "true"}
    if name in palette.STROKES:
        stroke = palette.STROKES[name]
        line = {"stroke": stroke.colour, "stroke_width": stroke.width, "fill": "none"}
        dashes = stroke.dashes
        edge = tag("path", class_=f"edge r-{name}", d="M0 7h29", stroke_dasharray=dashes, **line)
        return tag("svg", edge, viewBox="0 0 30 14", width=30, height=14, **frame)
    look = palette.OUTSIDE if name == OUTSIDE else palette.LOOKS.get(name, palette.UNKNOWN)
    box = tag("rect", class_="tint", width=16, height=16, rx=4, fill=look.colour)
    place = "translate(2.4 2.4) scale(.7)"
    sign = tag("path", class_="sign", transform=place, d=look.sign, fill="none", stroke="#fff")
    kind = tag("g", box, sign, class_="s-dataset" if name == OUTSIDE else f"k-{name}")
    return tag("svg", kind, viewBox="0 0 16 16", width=16, height=16, **frame)


def legend(picture: Picture) -> list[tuple[str, str]]:
    """Return what the colours and strokes of a picture mean: a small SVG and words for each."""
    entries = [(swatch(kind), kind) for kind in picture.kinds]
    return entries + [(swatch(sort), palette.STROKES[sort].words) for sort in picture.sorts]


def _legend(picture: Picture, across: float) -> tuple[list[str], int]:
    """Return the legend in rows no wider than ``across``, and how many there are."""
    x, row, parts = 0.0, 0, []
    for sign, words in legend(picture):
        room = 38 + width(words, 11.5)
        if x and x + room > across - 32:
            x, row = 0.0, row + 1
        label = tag("text", safe(words), x=36, y=12)
        parts.append(tag("g", sign, label, transform=f"translate({x:g} {row * FOOT})"))
        x += room + 20
    return parts, row + 1
