"""Charts of a report as SVG: no script and no style sheet, each with its numbers in words. Plain
Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.reports.counts import percent
from audits.reports.coverage import STATES
from lineage.drawing.markup import safe, tag
from lineage.drawing.svg import FONT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audits.reports.assessment import Assessment
    from audits.reports.coverage import Coverage

SEVERITIES = ("critical", "high", "medium", "low", "info")
COLOURS = {
    "fail": "#b42318",
    "conflict": "#d6604d",
    "error": "#e38b3a",
    "unknown": "#e0b64a",
    "exempt": "#9b8afb",
    "pass": "#3a9d6b",
    "not_applicable": "#c6ccd3",
}
INK, SOFT = "#1b1f24", "#57606a"
WIDTH, BAR, GAP = 640, 22, 10
LABEL, NUMBER = 210, 56
# Policies in the chart; the rest stands in the tables.
MOST = 12


def states_bar(coverage: Coverage) -> str:
    """Return one bar of all results by state."""
    parts = _parts(coverage.by_state, coverage.population, WIDTH)
    return _svg(
        BAR + 6, _told(coverage.by_state), *(_rect(*part, y=0, high=BAR + 6) for part in parts)
    )


def policies_chart(assessment: Assessment) -> str:
    """Return a bar for each of the policies with most failures, by state."""
    ranked = sorted(
        assessment.policies,
        key=lambda each: (-each.coverage.by_state["fail"], each.name, each.version),
    )[:MOST]
    rows: list[tuple[str, Mapping[str, int]]] = [
        (f"{each.name}/{each.version}", each.coverage.by_state) for each in ranked
    ]
    return _bars(rows, "Results of each policy by state")


def severities_chart(assessment: Assessment) -> str:
    """Return a bar for each severity: what fails, and what is exempt or in conflict."""
    counts: dict[str, dict[str, int]] = {name: {} for name in SEVERITIES}
    for policy in assessment.policies:
        row = counts.setdefault(policy.severity, {})
        for state in ("fail", "conflict", "exempt"):
            row[state] = row.get(state, 0) + policy.coverage.by_state[state]
    rows = [(name, row) for name, row in counts.items() if any(row.values())]
    return _bars(rows, "What fails or is exempt, by severity", is_share=False)


def _bars(
    rows: Sequence[tuple[str, Mapping[str, int]]], title: str, *, is_share: bool = True
) -> str:
    """Bars below one another; each is whole, or as long as its number among the others."""
    if not rows:
        return ""
    greatest = max(sum(row.values()) for _, row in rows) or 1
    room = WIDTH - LABEL - NUMBER
    drawn = []
    for index, (name, row) in enumerate(rows):
        y, total = index * (BAR + GAP), sum(row.values())
        length = room if is_share else room * total // greatest
        words = name if len(name) <= 30 else f"{name[:29]}…"
        drawn.append(tag("text", safe(words), x=0, y=y + 16, **_text(INK)))
        drawn += [
            _rect(state, LABEL + start, width, y=y, high=BAR)
            for state, start, width in _parts(row, total, length)
        ]
        after = LABEL + length + 8
        drawn.append(tag("text", safe(str(total)), x=after, y=y + 16, **_text(SOFT)))
    words = "; ".join(f"{name}: {_told(row)}" for name, row in rows)
    return _svg(len(rows) * (BAR + GAP), f"{title}. {words}", *drawn)


def _parts(row: Mapping[str, int], total: int, room: int) -> Iterable[tuple[str, int, int]]:
    """State, start and width of each part; whole units, so that equal counts are equal bytes."""
    done = 0
    for state in STATES:
        count = row.get(state, 0)
        if count:
            start = done * room // total
            done += count
            yield state, start, max(done * room // total - start, 1)


def _rect(state: str, start: int, width: int, *, y: int, high: int) -> str:
    return tag("rect", x=start, y=y, width=width, height=high, fill=COLOURS[state])


def _text(colour: str) -> dict[str, object]:
    return {"fill": colour, "font_size": 12, "font_family": FONT}


def _svg(high: int, words: str, *drawn: str) -> str:
    return tag(
        "svg",
        tag("title", safe(words)),
        *drawn,
        class_="chart",
        viewBox=f"0 0 {WIDTH} {high}",
        role="img",
    )


def _told(row: Mapping[str, int]) -> str:
    total = sum(row.values())
    return ", ".join(
        f"{count} {state.replace('_', ' ')} ({percent(count, total)} %)"
        for state, count in row.items()
        if count
    )
