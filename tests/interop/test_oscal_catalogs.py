"""compliance-trestle, the reference tool for OSCAL, reads our catalogs, and we read its."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from audits.frameworks.reading import read_catalog
from audits.frameworks.writing import catalog_of
from audits.queries.frameworks import SHIPPED, framework
from tests.audits.frameworks.catalogs import document
from tests.support.environments import environment

pytestmark = [pytest.mark.interop, pytest.mark.slow]
TRESTLE = "compliance-trestle==5.2.0"
PROGRAM = Path(__file__).with_name("oscal_catalogs.py")


@pytest.fixture(scope="module")
def trestle() -> Path:
    return environment("compliance-trestle-5.2.0", [TRESTLE]) / "bin" / "python"


def through_trestle(trestle: Path, files: list[Path]) -> Any:
    done = subprocess.run(
        [trestle, PROGRAM, *files], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout)


def test_trestle_loads_every_framework_that_ships_and_we_read_what_it_writes(
    trestle: Path, tmp_path: Path
) -> None:
    documents = {name: catalog_of(framework(name)) for name in SHIPPED} | {"house": document()}
    files = []
    for name, written in documents.items():
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(written))

    found = through_trestle(trestle, files)

    for name, written in documents.items():
        told = found[f"{name}.json"]
        ours = read_catalog(written, framework=name)
        again = read_catalog(json.loads((tmp_path / told["written"]).read_text()), framework=name)
        assert told["controls"] == sorted(each.name for each in ours.controls)
        assert again.controls == ours.controls
        assert again.groups == ours.groups


def test_trestle_refuses_what_we_refuse(trestle: Path, tmp_path: Path) -> None:
    wrong = document()
    wrong["catalog"]["controls"][0]["id"] = "hr 9"
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(wrong))

    done = subprocess.run(
        [trestle, PROGRAM, file], capture_output=True, text=True, check=False, timeout=300
    )

    assert done.returncode != 0
