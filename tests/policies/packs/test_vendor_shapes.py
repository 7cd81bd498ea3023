"""What the rules read of Amazon SageMaker and Vertex AI is what the vendors' own SDKs have."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from policies.packs.catalog import ShippedPolicy, shipped
from tests.policies.azure.cases import ABSENT, value_at
from tests.support.environments import environment
from tests.support.parts import PartMissing, missing

pytestmark = pytest.mark.slow
SCRIPTS = Path(__file__).parent / "vendors"
SDKS = {
    "sagemaker": ("botocore-1.44.8", ["botocore==1.44.8"]),
    "vertex": (
        "vertex-2.7.0",
        ["google-cloud-aiplatform==2.7.0", "google-cloud-notebooks==1.18.0"],
    ),
}
PYTHON_TYPES = {"string": str, "boolean": bool, "list": list, "structure": dict}


def ask(script: str, pairs: Sequence[tuple[str, str]]) -> list[dict[str, Any] | None]:
    name, packages = SDKS[script]
    try:
        folder = environment(name, packages)
    except PartMissing as error:
        missing(str(error))
    done = subprocess.run(
        [str(folder / "bin" / "python"), str(SCRIPTS / f"{script}.py")],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[dict[str, Any] | None] = json.loads(done.stdout)
    return answers


def policies_of(pack: str) -> list[ShippedPolicy]:
    return [policy for policy in shipped() if policy.pack == pack]


def types_of(policy: ShippedPolicy) -> list[str]:
    return [kind.removeprefix("configuration/") for kind in policy.metadata.input_kinds]


def documents_of(policy: ShippedPolicy) -> Iterator[dict[str, Any]]:
    for file in sorted(policy.fixtures.iterdir()):
        if file.name.startswith("pass-"):
            yield json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("pack", "script"), [("aws_sagemaker", "sagemaker")])
def test_every_path_is_one_of_every_type_that_the_rule_judges(pack: str, script: str) -> None:
    pairs = [
        (kind, path)
        for policy in policies_of(pack)
        for kind in types_of(policy)
        for path in policy.metadata.reads
    ]

    answers = ask(script, pairs)

    assert len(pairs) >= 15
    assert [pair for pair, answer in zip(pairs, answers, strict=True) if answer is None] == []


def test_every_path_is_one_of_a_type_that_the_rule_judges() -> None:
    """A rule of Vertex AI may judge types that have the same setting in different places."""
    pairs = [
        (kind, path)
        for policy in policies_of("google_vertex")
        for path in policy.metadata.reads
        for kind in types_of(policy)
    ]

    known = {
        path
        for (_, path), each in zip(pairs, ask("vertex", pairs), strict=True)
        if each is not None
    }

    assert len(pairs) >= 20
    assert {path for _, path in pairs} - known == set()


@pytest.mark.parametrize(
    ("pack", "script"), [("aws_sagemaker", "sagemaker"), ("google_vertex", "vertex")]
)
def test_a_value_that_passes_is_one_that_the_platform_can_tell(pack: str, script: str) -> None:
    found = [
        (document["resource"]["type"], path, value)
        for policy in policies_of(pack)
        for document in documents_of(policy)
        for path in policy.metadata.reads
        if (value := value_at(document["configuration"], path)) is not ABSENT
    ]

    answers = ask(script, [(kind, path) for kind, path, _ in found])

    assert len(found) >= 10
    for (kind, path, value), answer in zip(found, answers, strict=True):
        assert answer is not None, (kind, path)
        assert isinstance(value, PYTHON_TYPES.get(answer["kind"], object)), (kind, path, value)
        assert not answer["enum"] or value in answer["enum"], (kind, path, value)
