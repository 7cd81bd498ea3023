"""Lines and intervals are drawn to scale, whatever numbers come."""

from __future__ import annotations

from console.plots import interval, plot


def test_lines_leave_out_what_is_no_number_and_keep_huge_ones_apart() -> None:
    drawn = plot("loss", {"a": [(0, float("nan")), (1, 1e308), (2, -1e308)], "b": []})

    assert drawn is not None
    assert [line.label for line in drawn.lines] == ["a"]
    assert drawn.lines[0].points == "6.0,6.0 354.0,114.0"
    assert plot("loss", {"a": [(0, float("inf"))]}) is None


def test_an_interval_stands_about_zero() -> None:
    drawn = interval(-0.1, -0.3, 0.1)

    assert drawn.low < drawn.middle < drawn.zero < drawn.high
    assert interval(0.0, 0.0, 0.0).length == 0.0
