"""The README's table of settings is the whole truth."""

from __future__ import annotations

import re

from console.bootstrap import ROOT
from tests.architecture.test_sizes import modules

NAME = re.compile(r"\bMUNIMENT_[A-Z_]+[A-Z]\b")
# How the processes of one test run tell each other; nobody sets them.
INTERNAL = {"MUNIMENT_TEST_RUN_DATA", "MUNIMENT_TEST_RUN_DATABASE"}


def read_by_the_code() -> set[str]:
    """Names in the product and in what all tests share; single tests invent names."""
    single = [path for path in modules() if path.name.startswith("test_")]
    read = [path for path in modules() if path not in single]
    return {name for path in read for name in NAME.findall(path.read_text())} - INTERNAL


def documented() -> set[str]:
    """Names in the first column of the README's tables."""
    rows = [
        line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `")
    ]
    return {name for row in rows for name in NAME.findall(row.split("|")[1])}


def test_every_setting_is_documented() -> None:
    assert read_by_the_code() - documented() == set()


def test_no_setting_is_documented_that_nothing_reads() -> None:
    # A secret may come from a file: its name is built from the setting's.
    read = read_by_the_code()
    unread = {name for name in documented() if not {name, name.removesuffix("_FILE")} & read}

    assert unread == set()


def test_the_readme_starts_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    commands = [line.strip() for line in lines if line.startswith("    ")]

    assert commands[:2] == ["python3 manage.py up", "python3 manage.py test"]
