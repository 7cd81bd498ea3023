"""A decision is replayed from exported bytes alone, in a fresh process, on any engine."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.errors import AccessDenied, Conflict
from policies.engines.replay import Unusable, export_digest, read_export
from policies.services import decisions
from policies.services.decided import Decided
from policies.services.evaluation import evaluate_many
from tests.factories import administrator, make_workspace, member
from tests.policies.estate import OPEN, assign, make_policy, submit
from tests.policies.test_evaluation import questions_in
from tests.support.opa import OpaServer, opa_binary
from tests.support.parts import PartMissing, missing

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def decision(monkeypatch: pytest.MonkeyPatch) -> Decided:
    workspace = make_workspace()
    with monkeypatch.context() as hidden:
        hidden.setenv("MUNIMENT_OPA", "/nonexistent/opa")  # saving need not wait for it
        assign(make_policy(), workspace)
    submit(workspace, OPEN)
    (made,) = evaluate_many(questions_in(workspace), actor=administrator())
    return made


@pytest.fixture
def document(decision: Decided) -> dict[str, Any]:
    return decisions.export(actor=administrator(), decision=decision.uuid)


def resealed(document: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> str:
    """The export with a change, and a digest that covers it again."""
    changed = copy.deepcopy(document)
    change(changed)
    return json.dumps({**changed, "digest": export_digest(changed)})


def fresh(text: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The replay in a process that has neither settings nor a database."""
    file = folder / "decision.json"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "policies.engines.replay", str(file), *arguments]
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO", "MUNIMENT"))
    }
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )


def opa_url(request: pytest.FixtureRequest) -> str:
    server: OpaServer = request.getfixturevalue("opa_server")
    return server.url


@pytest.mark.parametrize(
    "name",
    [
        "embedded",
        pytest.param("opa-cli", marks=pytest.mark.opa),
        pytest.param("opa-server", marks=pytest.mark.opa),
    ],
)
def test_a_fresh_process_gets_the_same_answer_on_each_engine(
    document: dict[str, Any], name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    arguments = ["--engine", name, "--json"]
    if name == "opa-server":
        arguments += ["--url", opa_url(request)]
    if name == "opa-cli":
        try:
            opa_binary()
        except PartMissing as error:
            missing(str(error))

    done = fresh(json.dumps(document), tmp_path, *arguments)

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["is_same"], result["now"]["state"]) == (True, "fail")
    assert result["then"]["engine"] == "regopy"


def test_an_answer_that_was_changed_differs_and_says_how(
    document: dict[str, Any], tmp_path: Path
) -> None:
    text = resealed(document, lambda each: each["answer"].update(state="pass", findings=[]))

    done = fresh(text, tmp_path)

    assert done.returncode == 1
    assert "state: was pass, is fail" in done.stdout
    assert "newly found: properties.public: it is open" in done.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda each: each["policy"].update(source=each["policy"]["source"] + "\n"),
            "the policy's",
        ),
        (lambda each: each["input"].update(text=each["input"]["text"] + " "), "the input was"),
        (lambda each: each.update(parameters={"x": 1}), "parameters are not"),
        (lambda each: each.update(format="other/v1"), "format is 'other/v1'"),
        (lambda each: each.pop("policy"), "no exported decision"),
        (lambda each: each["answer"].update(findings=[1]), "no exported decision"),
        (lambda each: each["policy"].update(path="../../x.rego"), "not a module path"),
    ],
)
def test_an_export_that_was_changed_is_unusable(
    document: dict[str, Any], change: Callable[[dict[str, Any]], object], told: str
) -> None:
    with pytest.raises(Unusable, match=told):
        read_export(resealed(document, change))


def test_any_change_is_found_by_the_digest_of_the_whole(document: dict[str, Any]) -> None:
    for key in document:
        changed = {**document, key: "changed"}
        with pytest.raises(Unusable, match=r"format|changed"):
            read_export(json.dumps(changed))


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"format": 1}', "[" * 100_000])
def test_what_is_no_export_ends_with_its_own_exit_code(text: str, tmp_path: Path) -> None:
    if text != "{":  # one process is enough to see the exit code
        with pytest.raises(Unusable):
            read_export(text)
        return
    done = fresh(text, tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("unusable: ")


def test_an_engine_that_is_not_there_is_unusable(document: dict[str, Any], tmp_path: Path) -> None:
    arguments = ("--engine", "opa-server", "--url", "http://127.0.0.1:9")

    assert fresh(json.dumps(document), tmp_path, *arguments).returncode == 2


def test_whoever_may_not_read_the_trail_gets_no_export(decision: Decided) -> None:
    with pytest.raises(AccessDenied):
        decisions.export(actor=member(decision.workspace, "reader"), decision=decision.uuid)
    exported = decisions.export(actor=member(decision.workspace, "auditor"), decision=decision.uuid)
    assert exported["decision"] == str(decision.uuid)


@pytest.mark.usefixtures("without_opa")
def test_a_decision_that_no_engine_made_has_nothing_to_replay() -> None:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    (made,) = evaluate_many(questions_in(workspace), actor=administrator())

    with pytest.raises(Conflict, match="No engine"):
        decisions.export(actor=administrator(), decision=made.uuid)


def test_the_command_replays_and_writes_down(
    decision: Decided, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    username = administrator().user.username  # type: ignore[union-attr]  # a person
    call_command("replay_decision", decision.uuid, "--as", username)
    assert capsys.readouterr().out.startswith("same: decision")

    file = tmp_path / "export.json"
    call_command("replay_decision", decision.uuid, "--as", username, "--export", file)
    assert read_export(file.read_bytes()).decision == str(decision.uuid)

    with pytest.raises(CommandError):
        call_command("replay_decision", decision.workspace.uuid, "--as", username)
