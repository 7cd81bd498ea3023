"""Files and functions stay small enough to be read at once, and are named for what they hold."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from console.bootstrap import ROOT

APPS = ("config", "console", "audits", "lineage", "policies", "registry", "core")
FOLDERS = (*APPS, "tests", "benchmarks", "deploy")
FILE_LINES = 300
FUNCTION_LINES = 40
# The verifier is one file by promise: whoever does not trust us reads it, and copies it.
WHOLE = {"audits/verifier/muniment_verify.py"}
EMPTY_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py", "managers.py", "base_utils.py"}


def modules() -> list[Path]:
    """Every Python file of ours; migrations are records, not reading matter."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def test_the_search_finds_the_code() -> None:
    assert ROOT / "console" / "bootstrap.py" in modules()


def test_no_module_outgrows_300_lines() -> None:
    long = {
        name: lines
        for path in modules()
        if (name := str(path.relative_to(ROOT))) not in WHOLE
        and (lines := len(path.read_text().splitlines())) > FILE_LINES
    }

    assert not long


def test_no_function_outgrows_40_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": lines
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := _code_lines(node)) > FUNCTION_LINES
    }

    assert not long


@pytest.mark.parametrize("name", sorted(EMPTY_NAMES))
def test_no_module_is_named_for_nothing(name: str) -> None:
    assert not [path for path in modules() if path.name == name]


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the signature to the end, less the docstring."""
    assert node.end_lineno is not None
    lines = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines
