"""Every shipped policy against every document that ships with it, in each engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import jsonschema_rs
import pytest

from policies.engines import lint
from policies.engines.base import Bundle, Engine, Outcome, State
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa import OpaEngine
from policies.engines.opa_cli import OpaCli
from policies.packs.catalog import FOLDER, ShippedPolicy, bundle, manifest, shipped
from policies.packs.manifest import checked_manifest
from tests.support.opa import OpaServer, opa_binary
from tests.support.parts import PartMissing, missing

# A server that holds the policies of other tests compiles them all again at each push.
DEADLINE = 300.0
Answers = dict[Path, dict[str, Outcome]]
SCHEMAS = FOLDER.parent / "documents_schema"
BY_PATH = {policy.module.path: policy for policy in shipped()}
FIXTURES = [(policy, file) for policy in shipped() for file in sorted(policy.fixtures.iterdir())]


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(workers=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def opa(opa_server: OpaServer) -> Iterator[OpaEngine]:
    engine = OpaEngine(opa_server.url)
    yield engine
    engine.prune(keep=[])
    engine.close()


def answers(engine: Engine, packages: Sequence[str], files: Sequence[Path]) -> Answers:
    """The outcomes of these shipped policies for these documents, by file."""
    outcomes = engine.evaluate_many(
        Bundle(tuple(bundle().by_package[package] for package in packages)),
        packages=packages,
        inputs=[file.read_text(encoding="utf-8") for file in files],
        deadline=DEADLINE,
    )
    return dict(zip(files, outcomes, strict=True))


def state_in_name(file: Path) -> str:
    return file.name.partition("-")[0]


def test_there_are_policies_for_configurations_and_for_promotions() -> None:
    kinds = [policy.metadata.input_kinds[0].partition("/")[0] for policy in shipped()]

    assert kinds.count("configuration") >= 12
    assert kinds.count("promotion") >= 6


@pytest.mark.parametrize("path", BY_PATH)
def test_a_policy_is_sound_and_has_a_document_for_every_state(path: str) -> None:
    policy = BY_PATH[path]
    states = {state_in_name(file) for file in policy.fixtures.iterdir()}

    assert lint.check(policy.module) == []
    assert policy.module.package == f"muniment.{policy.pack}.{policy.name}"
    assert states == {"pass", "fail", "unknown", "not_applicable"}
    assert all(file.suffix == ".json" for file in policy.fixtures.iterdir())


@pytest.mark.parametrize("path", BY_PATH)
def test_a_policy_is_the_one_that_opa_checked(path: str) -> None:
    assert BY_PATH[path].is_checked, "run python -m policies.packs.manifest"


@pytest.mark.parametrize("path", BY_PATH)
def test_documents_get_the_state_in_their_names(embedded: EmbeddedEngine, path: str) -> None:
    policy = BY_PATH[path]
    files = sorted(policy.fixtures.iterdir())

    found = {
        file.name: (outcome.state.value, outcome.error)
        for file, outcomes in answers(embedded, [policy.module.package], files).items()
        for outcome in outcomes.values()
    }

    assert found == {file.name: (state_in_name(file), "") for file in files}


def test_documents_fit_the_published_schema_of_their_kind() -> None:
    validators = {
        name: jsonschema_rs.Draft202012Validator(
            json.loads((SCHEMAS / f"{name}.v1.json").read_text(encoding="utf-8"))
        )
        for name in ("configuration", "promotion")
    }
    # Documents that leave a part out on purpose, to see that the answer is then unknown.
    partial = {"told", "number"}

    for policy, file in FIXTURES:
        document = json.loads(file.read_text(encoding="utf-8"))
        kind = policy.metadata.input_kinds[0].partition("/")[0]
        problems = [error.message for error in validators[kind].iter_errors(document)]
        if not partial & set(file.stem.split("-")):
            assert problems == [], file.name


def test_policies_judge_only_the_documents_that_they_name(embedded: EmbeddedEngine) -> None:
    for policy, file in FIXTURES:
        if state_in_name(file) not in {"pass", "fail"}:
            continue
        document = json.loads(file.read_text(encoding="utf-8"))
        kind = document["schema"].removeprefix("muniment.").partition("/")[0]
        subject = (
            document["resource"]["type"] if kind == "configuration" else document["version"]["kind"]
        )
        assert policy.metadata.judges(kind, subject), file.name


def test_an_empty_document_never_passes(embedded: EmbeddedEngine) -> None:
    outcomes = embedded.evaluate(
        bundle(), packages=bundle().packages, input_json="{}", deadline=DEADLINE
    )

    assert {name for name, outcome in outcomes.items() if outcome.state is State.PASS} == set()


@pytest.mark.opa
@pytest.mark.parametrize("path", BY_PATH)
def test_engines_agree_on_a_policy_and_its_documents(
    embedded: EmbeddedEngine, opa: OpaEngine, path: str
) -> None:
    policy = BY_PATH[path]
    files = sorted(policy.fixtures.iterdir())

    found = differences(embedded, opa, [policy.module.package], files)
    opa.prune(keep=[])  # Each push makes a server compile all that it has: a few policies are fast.

    assert found == []


@pytest.mark.slow
@pytest.mark.opa
@pytest.mark.parametrize("pack", sorted({policy.pack for policy in shipped()}))
def test_engines_agree_on_a_pack_and_the_documents_of_all(
    embedded: EmbeddedEngine, opa: OpaEngine, pack: str
) -> None:
    members = [policy for policy in shipped() if policy.pack == pack]

    packages = [policy.module.package for policy in members]
    found = differences(embedded, opa, packages, documents_for(members))
    opa.prune(keep=[])

    assert found == []


def documents_for(members: Sequence[ShippedPolicy]) -> list[Path]:
    """Every document about what they judge, and of each other policy a document in each state."""
    kinds = {kind for policy in members for kind in policy.metadata.input_kinds}
    first = {(file.parent, state_in_name(file)): file for _, file in reversed(FIXTURES)}
    return [
        file
        for policy, file in FIXTURES
        if kinds.intersection(policy.metadata.input_kinds) or file in first.values()
    ]


def differences(
    first: Engine, second: Engine, packages: Sequence[str], files: Sequence[Path]
) -> list[str]:
    """Where the answers of two engines differ: document and policy."""
    ours, theirs = (answers(engine, packages, files) for engine in (first, second))
    return [
        f"{file.parent.name}/{file.name}: {package}"
        for file in files
        for package in packages
        if ours[file][package].answer != theirs[file][package].answer
    ]


@pytest.mark.opa
def test_the_manifest_is_what_opa_says_today() -> None:
    try:
        cli = OpaCli(opa_binary())
    except PartMissing as error:
        missing(str(error))

    fresh = checked_manifest(cli)

    stored = manifest()
    assert {path: (each.policy, each.tests) for path, each in stored.policies.items()} == {
        path: (each["policy"], each["tests"]) for path, each in fresh["policies"].items()
    }
    assert stored.opa_version == fresh["opa_version"]
