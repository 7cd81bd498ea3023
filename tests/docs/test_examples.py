"""What the docs show is what happens: their commands run against the demo, with curl."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.bootstrap import ROOT
from tests.docs.examples import examples, last_document
from tests.support.migrated import sqlite_file
from tests.support.parts import missing
from tests.support.service import Service

pytestmark = pytest.mark.slow
MARK = "\x1e"


PAGES = (
    "api.md",
    "versions.md",
    "http.md",
    "deployments.md",
    "collaboration.md",
    "cards.md",
    "mlflow.md",
    "promotions.md",
    "prompts.md",
    "evaluations.md",
    "artifacts.md",
    "kinds.md",
    "concepts.md",
    "catalogue.md",
    "audits.md",
    "findings.md",
    "reports.md",
    "dossiers.md",
    "witnesses.md",
    "streams.md",
    "frameworks.md",
    "risks.md",
    "evidence-packs.md",
    "trail.md",
    "retention.md",
    "imports.md",
    "lineage.md",
    "configurations.md",
    "policies.md",
    "policy-writing.md",
    "fleet.md",
)


# What these submit and assign stays, and makes the gates of production say otherwise than the other
# pages show: tests that are shared out among processes come in any order.
APART = frozenset({"configurations.md", "policies.md", "policy-writing.md", "fleet.md"})


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[bool], Service]]:
    """Installations with the demo: pages share one as one reader's does, some another."""
    started: dict[bool, Service] = {}

    def of(is_apart: bool) -> Service:
        if is_apart not in started:
            service = started[is_apart] = Service(folder=tmp_path_factory.mktemp("demo"))
            service.data.mkdir(mode=0o700)
            shutil.copy(sqlite_file(), service.data)
            service.manage("prepare", "--no-demo")
            service.manage("demo")
            service.start_web()
            service.start_worker()
        return started[is_apart]

    yield of
    for service in started.values():
        service.stop()


@pytest.fixture
def demo(page: str, demos: Callable[[bool], Service]) -> Service:
    return demos(page in APART)


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_print_what_the_page_says(page: str, demo: Service) -> None:
    if shutil.which("curl") is None:
        missing("curl is not installed")
    shown = examples(page)
    script = "set -eu\n" + "".join(f"{one.command}\nprintf '{MARK}'\n" for one in shown)

    done = subprocess.run(
        ["bash", "-c", script],
        env={
            **demo.environment,
            "MUNIMENT": demo.base_url,
            "PATH": f"{Path(sys.executable).parent}:{demo.environment['PATH']}",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,  # some wait for the worker, as long as it takes
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    for example, printed in zip(shown, done.stdout.split(MARK), strict=False):
        if example.expected is not None:
            document = last_document(printed)
            part = {key: document.get(key, "(missing)") for key in example.expected}
            assert part == example.expected, f"{example.command}\n{printed}"
