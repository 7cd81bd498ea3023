"""The nodes of a picture as SVG."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lineage.drawing import palette
from lineage.drawing.lettering import fitted, width
from lineage.drawing.markup import safe, tag
from lineage.drawing.shapes import HEIGHT, WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lineage.drawing.shapes import Place

BADGE = 28
LEFT = BADGE + 18
RIGHT = WIDTH - 10
CYLINDER = f"M0 5a{WIDTH / 2:g} 5 0 0 1 {WIDTH} 0v{HEIGHT - 10}a{WIDTH / 2:g} 5 0 0 1-{WIDTH} 0z"
LID = f"M0 5a{WIDTH / 2:g} 5 0 0 0 {WIDTH} 0"
BOLD = 1.12  # how much wider heavy letters are
SIGN = {
    "fill": "none",
    "stroke": "#fff",
    "stroke_width": 1.3,
    "stroke_linejoin": "round",
    "stroke_linecap": "round",
}


@dataclass(frozen=True)
class Card:
    """What a node shows: a title with a number at its end, a line below it, and badges.

    ``shape`` is ``version``, ``dataset`` (outside), ``roll`` (several versions), ``hidden`` or
    ``more`` (neighbours that are not drawn). ``words`` is read out; ``href`` is where the node
    leads, ``handles`` where the signs at its sides lead, with their words.
    """

    id: str
    title: str
    shape: str = "version"
    kind: str = ""
    number: str = ""
    below: str = ""
    stage: str = ""
    state: str = ""
    words: str = ""
    is_root: bool = False
    is_frozen: bool = False
    href: str = ""
    handles: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def look(self) -> palette.Look:
        """Return the colour and the sign of the kind."""
        if self.shape == "dataset":
            return palette.OUTSIDE
        return palette.LOOKS.get(self.kind, palette.UNKNOWN)


def drawn(card: Card, place: Place) -> str:
    """Return the SVG of a node at its place."""
    classes = ["node", f"s-{card.shape}", *([f"k-{card.kind}"] if card.kind else [])]
    classes += ["root"] * card.is_root + ["frozen"] * card.is_frozen
    words = card.words or card.title
    body = _low(card) if card.shape in {"more", "hidden"} else _full(card)
    return tag(
        "g",
        tag(
            "a",
            tag("title", safe(words)),
            *body,
            href=card.href,
            class_="body",
            tabindex=None if card.href else "0",
            role="link" if card.href else "img",
            aria_label=words,
        ),
        *_handles(card),
        class_=" ".join(classes),
        data_id=card.id,
        transform=f"translate({place.x:g} {place.y:g})",
    )


def _low(card: Card) -> list[str]:
    """Return what stands for nodes that are not drawn: a lower box with dashes."""
    words = _text(card.title, y=27 if card.below else 34, size=12.5, room=WIDTH - 32, weight=600)
    return [
        tag(
            "rect",
            class_="card more" if card.shape == "more" else "card unseen",
            y=9,
            width=WIDTH,
            height=HEIGHT - 18,
            rx=20,
            fill=palette.GROUND if card.shape == "more" else "none",
            stroke=palette.QUIET,
            stroke_dasharray="4 3",
        ),
        words,
        _text(card.below, y=42, size=11, room=WIDTH - 32) if card.below else "",
    ]


def _full(card: Card) -> list[str]:
    number = width(card.number, 12) + 6 if card.number else 0
    pills, left = _pills(card)
    return [
        *_box(card),
        *_sign(card),
        _text(card.title, x=LEFT, y=24, room=RIGHT - LEFT - number, weight=600, ink="ink"),
        _text(card.number, x=RIGHT, y=24, size=12, room=60) if card.number else "",
        _text(card.below, x=LEFT, y=43, size=11.5, room=left - LEFT - 6) if card.below else "",
        *pills,
    ]


def _box(card: Card) -> list[str]:
    look: dict[str, object] = {"class_": "card", "fill": palette.PAPER, "stroke": palette.LINE}
    if card.is_root:
        look |= {"stroke": palette.ACCENT, "stroke_width": 2.5}
    if card.shape == "dataset":
        return [tag("path", d=CYLINDER, **look), tag("path", d=LID, **look | {"fill": "none"})]
    look |= {"width": WIDTH, "height": HEIGHT, "rx": 8}
    if card.is_frozen:
        look["stroke_dasharray"] = "5 3"
    front = tag("rect", **look)
    return [tag("rect", x=5, y=5, **look), front] if card.shape == "roll" else [front]


def _sign(card: Card) -> list[str]:
    top, inset = (HEIGHT - BADGE) / 2, (BADGE - 16) / 2
    fill = card.look.colour
    return [
        tag("rect", class_="tint", x=9, y=top, width=BADGE, height=BADGE, rx=6, fill=fill),
        tag(
            "path",
            class_="sign",
            transform=f"translate({9 + inset:g} {top + inset:g})",
            d=card.look.sign,
            **SIGN,
        ),
    ]


def _pills(card: Card) -> tuple[list[str], float]:
    """Return the badges at the right end of the second line, and where they begin."""
    pills = [palette.state_pill(card.state)] if card.state else []
    if card.is_frozen:
        pills.append(palette.Pill("frozen", "plain"))
    elif card.stage:
        pills.append(palette.stage_pill(card.stage))
    right, found = float(RIGHT), []
    for pill in pills:
        ground, ink = palette.TONES[pill.tone]
        wide = width(pill.words, 10.5) + 10
        right -= wide
        look = {"font_size": 10.5, "font_weight": 600, "text_anchor": "middle", "fill": ink}
        found.append(
            tag(
                "g",
                tag("rect", x=right, y=31, width=wide, height=16, rx=4, fill=ground),
                tag("text", safe(pill.words), x=right + wide / 2, y=42.5, **look),
                class_=f"pill t-{pill.tone}",
            )
        )
        right -= 4
    return found, right


def _handles(card: Card) -> Iterator[str]:
    """Yield the signs at the sides that shut what lies beyond."""
    for side, (href, words) in sorted(card.handles.items()):
        x, y = 0 if side == "up" else WIDTH, HEIGHT / 2
        line = {"stroke": palette.QUIET}
        yield tag(
            "a",
            tag("title", safe(words)),
            tag("circle", cx=x, cy=y, r=8, fill=palette.PAPER, **line),
            tag("path", d=f"M{x - 3.5:g} {y:g}h7", stroke_width=1.6, **line),
            href=href,
            class_="handle",
            data_side=side,
            aria_label=words,
        )


def _text(
    text: str,
    *,
    y: float,
    room: float,
    x: float = WIDTH / 2,
    size: float = 13,
    weight: int = 400,
    ink: str = "quiet",
) -> str:
    anchor = {WIDTH / 2: "middle", RIGHT: "end"}.get(x, "start")
    return tag(
        "text",
        safe(fitted(text, size * (BOLD if weight > 500 else 1), room)),
        class_=ink,
        x=x,
        y=y,
        font_size=size,
        font_weight=weight,
        text_anchor=anchor,
        fill=palette.INK if ink == "ink" else palette.QUIET,
    )
