"""What the docs show is what happens: their commands run against the demo, with curl."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from console.bootstrap import ROOT
from tests.conftest import MakeService
from tests.docs.examples import examples, last_document
from tests.support.parts import missing

pytestmark = pytest.mark.slow
MARK = "\x1e"


# Each page runs against a demo of its own.
PAGES = ("api.md", "http.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_print_what_the_page_says(page: str, make_service: MakeService) -> None:
    if shutil.which("curl") is None:
        missing("curl is not installed")
    service = make_service()
    service.manage("prepare", "--no-demo")
    service.manage("demo")
    service.start_web()
    service.start_worker()
    shown = examples(page)
    script = "set -eu\n" + "".join(f"{one.command}\nprintf '{MARK}'\n" for one in shown)

    done = subprocess.run(
        ["bash", "-c", script],
        env={
            **service.environment,
            "MUNIMENT": service.base_url,
            "PATH": f"{Path(sys.executable).parent}:{service.environment['PATH']}",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    for example, printed in zip(shown, done.stdout.split(MARK), strict=False):
        if example.expected is not None:
            document = last_document(printed)
            part = {key: document.get(key, "(missing)") for key in example.expected}
            assert part == example.expected, f"{example.command}\n{printed}"
