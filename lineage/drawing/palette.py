"""Colours, signs and strokes: each kind has a colour and a sign, each sort of relation a stroke.

These are the colours on paper and on light screens; the console's styles change them on dark ones.
All texts on them have a contrast of 4.5 or more.
"""

from __future__ import annotations

from typing import NamedTuple

INK, QUIET, LINE, PAPER, GROUND = "#0f172a", "#526077", "#c3ccd9", "#ffffff", "#f1f5f9"
ACCENT = "#7c3aed"


class Look(NamedTuple):
    """A kind: its colour, and its sign as a path in a square of 16."""

    colour: str
    sign: str


LOOKS = {
    "dataset": Look(
        "#0f766e", "M3 4.5a5 2 0 0 1 10 0v7a5 2 0 0 1-10 0zM3 4.5a5 2 0 0 0 10 0M3 8a5 2 0 0 0 10 0"
    ),
    "model": Look("#1d4ed8", "M8 2l5.2 3v6L8 14l-5.2-3V5zM8 8v6M8 8l5.2-3M8 8L2.8 5"),
    "prompt": Look("#7e22ce", "M2.5 3.5h11v7h-6l-3 2.8v-2.8h-2zM5.5 6.2h5M5.5 8.2h3"),
    "flow": Look(
        "#c2410c", "M2.5 3h4v3.4h-4zM9.5 9.6h4V13h-4zM6.5 4.7h2.4q2.6 0 2.6 2.6v2.3M9.5 3h4v3h-4z"
    ),
    "result": Look("#4d7c0f", "M3 13V8.5M6.4 13V4M9.7 13V6.5M13 13V2.8M2 13.5h12"),
    "deployment": Look(
        "#be123c",
        "M8 2.2c3 1.6 3.4 4.6 2.4 7.8H5.6C4.6 6.8 5 3.8 8 2.2z"
        "M6.3 10.4L5 13.6M9.7 10.4l1.3 3.2M8 6.2v.1",
    ),
    "index": Look("#0369a1", "M2.6 6.8a4.2 4.2 0 1 0 8.4 0 4.2 4.2 0 1 0-8.4 0M10 10l3.6 3.6"),
    "agent": Look(
        "#a21caf", "M4 6h8v6.5H4zM8 6V3M6.3 8.6v.6M9.7 8.6v.6M2.4 8.4v2M13.6 8.4v2M6.4 11h3.2"
    ),
    "tool": Look(
        "#854d0e",
        "M10.6 2.6a3.4 3.4 0 0 0-3.2 4.6L2.8 11.8l1.6 1.6"
        "L9 8.8a3.4 3.4 0 0 0 4.4-4.2l-2 2-1.9-1.9 2-2z",
    ),
    "application": Look("#4338ca", "M2.5 3h11v10h-11zM2.5 6h11M4.6 4.5v.1M6.4 4.5v.1"),
    "connection": Look(
        "#334155",
        "M2.4 5.4a1.9 1.9 0 1 0 3.8 0 1.9 1.9 0 1 0-3.8 0"
        "M9.8 10.6a1.9 1.9 0 1 0 3.8 0 1.9 1.9 0 1 0-3.8 0M5.8 6.8l4.4 2.6",
    ),
}
OUTSIDE = Look("#57534e", LOOKS["dataset"].sign)
UNKNOWN = Look("#475569", "M3 3h10v10H3z")


class Stroke(NamedTuple):
    """A sort of relation: its words, colour, width and dashes."""

    words: str
    colour: str
    width: float
    dashes: str = ""


STROKES = {
    "data": Stroke("trained, evaluated or indexed on", "#64748b", 1.5),
    "derivation": Stroke("made from", "#64748b", 1.5, "7 3"),
    "use": Stroke("used by", "#64748b", 1.5, "2 3"),
    "evaluation": Stroke("evaluated by", "#4d7c0f", 1.5, "9 3 2 3"),
    "promotion": Stroke("promoted", "#7c3aed", 2.6),
    "place": Stroke("the same bytes, at a place or under another name", "#57534e", 1.5, "1 3"),
    "told": Stroke("told by an event of others", "#57534e", 1.5),
    "guess": Stroke("told without detail: any input, any output", "#8a94a3", 1.2, "3 6"),
    "more": Stroke("to neighbours that are not drawn", "#8a94a3", 1.2, "4 3"),
    "hidden": Stroke("from or to what you may not see", "#8a94a3", 1.2, "2 4"),
}
MORE = "more"
SORTS = {
    MORE: MORE,
    "": "hidden",
    "promoted": "promotion",
    "evaluates": "evaluation",
    "located_at": "place",
    "symlink": "place",
    "explicit": "told",
    "column": "told",
    "cartesian": "guess",
    "trained_on": "data",
    "evaluated_on": "data",
    "indexes": "data",
}


def sort_of(relations: tuple[str, ...]) -> str:
    """Return the sort by which an edge with these relations is drawn."""
    found = {
        SORTS.get(each, "use" if each.startswith(("uses_", "embeds_")) else "derivation")
        for each in relations
    }
    if "promotion" in found:
        return "promotion"
    return next(sort for sort in STROKES if sort in found)


class Pill(NamedTuple):
    """A badge: its words, and the tone that colours it."""

    words: str
    tone: str


# Ground and ink.

TONES = {
    "good": ("#dcfce7", "#166534"),
    "warn": ("#ffedd5", "#9a3412"),
    "bad": ("#fee2e2", "#991b1b"),
    "info": ("#dbeafe", "#1e40af"),
    "plain": ("#e8edf3", "#3c4a5e"),
}
STAGES = {
    "production": ("prod", "good"),
    "staging": ("staging", "warn"),
    "development": ("dev", "info"),
}
STATES = {
    "pass": "good",
    "fail": "bad",
    "error": "bad",
    "deleted": "bad",
    "withdrawn": "bad",
    "unknown": "warn",
    "exempt": "warn",
    "deprecated": "warn",
    "archived": "warn",
}


def stage_pill(stage: str) -> Pill:
    """Return the badge of a stage."""
    words, tone = STAGES.get(stage, (stage, "plain"))
    return Pill(words, tone)


def state_pill(state: str) -> Pill:
    """Return the badge of a state; its first sign tells it apart without colour."""
    tone = STATES.get(state, "plain")
    sign = {"good": "✓", "bad": "✕", "warn": "!"}.get(tone, "·")
    return Pill(f"{sign} {state.replace('_', ' ')}", tone)
