"""The parts of audits that need no database."""

from __future__ import annotations

import csv
import io

import pytest

from audits.controls import Control
from audits.reports.counts import percent
from audits.services.pace import Pace
from core.csv_text import lines


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 3, "0.0"), (1, 3, "33.3"), (2, 3, "66.6"), (3, 3, "100.0"), (0, 0, None)],
)
def test_a_percentage_is_rounded_down(part: int, whole: int, text: str | None) -> None:
    assert percent(part, whole) == text


def test_nearly_all_is_not_all() -> None:
    assert percent(99_999, 100_000) == "99.9"


def test_controls_sort_as_people_number_them() -> None:
    references = ["soc2/cc8.1", "eu-ai-act/art-15.5", "eu-ai-act/art-9", "eu-ai-act/art-15.10"]

    ordered = sorted(references, key=lambda reference: Control.parse(reference).order)

    assert ordered == [
        "eu-ai-act/art-9",
        "eu-ai-act/art-15.5",
        "eu-ai-act/art-15.10",
        "soc2/cc8.1",
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_cell_that_a_spreadsheet_would_evaluate_becomes_text(cell: str) -> None:
    (row,) = csv.reader(io.StringIO("".join(lines([[cell]])), newline=""))

    assert row == [f"'{cell}"]


def test_other_cells_stay_as_they_are() -> None:
    (row,) = csv.reader(io.StringIO("".join(lines([["a=1", 'say "no"', "a,b", None, 5]]))))

    assert row == ["a=1", 'say "no"', "a,b", "", "5"]


def steps(seconds: float, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of steps when each takes so long."""
    clock = [0.0]
    monkeypatch.setattr("audits.services.pace.time.monotonic", lambda: clock[0])
    sizes = []
    for step in Pace(step=4, largest=16).steps(range(40)):
        sizes.append(len(step))
        clock[0] += seconds
    return sizes


def test_quick_steps_grow_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(0.1, monkeypatch) == [4, 8, 16, 12]


def test_slow_steps_shrink_to_single_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(20.0, monkeypatch) == [4, 2, *([1] * 34)]


def test_steps_of_the_right_length_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(2.0, monkeypatch) == [4] * 10
