"""Reads the migration files: one line of history in each app, each step named for what it does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

GENERATED_NAME = re.compile(r"_auto_\d|_and_more$|_merge_")


def forks(root: Path) -> list[str]:
    """Complaints about migrations below `root` that are not one named, numbered line per app."""
    complaints: list[str] = []
    for folder in sorted(root.glob("*/migrations")):
        complaints += _app_complaints(folder, app=folder.parent.name)
    return complaints


def _app_complaints(folder: Path, *, app: str) -> list[str]:
    complaints: list[str] = []
    previous: str | None = None
    steps = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
    for number, path in enumerate(steps, start=1):
        where = f"{app}/migrations/{path.name}"
        if not path.name.startswith(f"{number:04d}_"):
            complaints.append(f"{where}: expected number {number:04d}; numbers count up by one")
        if GENERATED_NAME.search(path.stem):
            complaints.append(f"{where}: name it for what it does")
        inside = [name for label, name in _dependencies(path) if label == app]
        expected = [previous] if previous else []
        if inside != expected:
            complaints.append(f"{where}: depends on {inside} in {app}, expected {expected}")
        previous = path.stem
    return complaints


def _dependencies(path: Path) -> list[tuple[str, str]]:
    """The literal (app, name) pairs of the migration's `dependencies`."""
    for node in ast.walk(ast.parse(path.read_text(), filename=str(path))):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "dependencies" for target in node.targets
        ):
            return [
                (app, name)
                for pair in ast.walk(node.value)
                if isinstance(pair, ast.Tuple)
                for app, name in [_strings(pair)]
            ]
    return []


def _strings(pair: ast.Tuple) -> tuple[str, str]:
    """The two strings of a literal pair; empty ones for anything else, as swappable models."""
    match pair.elts:
        case [ast.Constant(value=str(app)), ast.Constant(value=str(name))]:
            return app, name
    return "", ""
