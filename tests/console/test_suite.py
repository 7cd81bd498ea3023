from __future__ import annotations

import os

import pytest

from console.tooling import suite


@pytest.fixture(autouse=True)
def four_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)


@pytest.mark.parametrize("arguments", [[], ["-m", "slow"], ["--database=postgres"], ["-x", "-q"]])
def test_a_run_of_everything_uses_every_processor(arguments: list[str]) -> None:
    assert suite.in_parallel(arguments)[:2] == ["-n", "4"]


@pytest.mark.parametrize(
    "arguments",
    [["tests/core"], ["tests/core/test_health.py::test_x"], ["-n", "0"], ["-n0"], ["--pdb"]],
)
def test_a_run_of_named_tests_or_with_a_number_is_left_alone(arguments: list[str]) -> None:
    assert suite.in_parallel(arguments) == []


def test_one_processor_runs_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)

    assert suite.in_parallel([]) == []


def test_what_is_compiled_once_is_kept_for_the_processes_of_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")

    around = suite.environment()

    assert "PYTHONDONTWRITEBYTECODE" not in around
    assert around["PYTHONUNBUFFERED"] == "1"
    assert around["MUNIMENT_BOOTSTRAP"] == "off"
