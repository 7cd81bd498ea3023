"""`manage.py submit_configuration`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from policies.models import Snapshot
from tests.factories import administrator, make_workspace

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
TOLD = {"type": "Acme/things", "external_id": "one", "configuration": {"password": "hunter2"}}


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("submit_configuration", *words, stdout=out)
    return out.getvalue()


def test_a_file_is_submitted_and_told_of(tmp_path: Path) -> None:
    make_workspace("prod")
    user = administrator().user
    assert user is not None
    file = tmp_path / "one.json"
    file.write_text(json.dumps(TOLD), encoding="utf-8")
    words = ("--workspace", "prod", "--format", "native", "--account", user.username)

    told = run(str(file), *words, "--provenance", "observed")
    as_json = json.loads(run(str(file), *words, "--json"))

    assert "Acme/things one: observed sha256:" in told
    assert "Secrets in the document were replaced" in told
    assert as_json["snapshots"][0]["external_id"] == "one"
    assert Snapshot.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "--format is needed"),
        (("--format", "native", "--workspace", "prod"), "--account is needed"),
        (
            ("--format", "native", "--workspace", "prod", "--account", "nobody"),
            "no active account",
        ),
    ],
)
def test_what_is_missing_is_named(words: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run(*words)


def test_what_is_no_such_document_says_why(tmp_path: Path) -> None:
    make_workspace("prod")
    user = administrator().user
    assert user is not None
    file = tmp_path / "plan.json"
    file.write_text("{}", encoding="utf-8")
    words = ("--workspace", "prod", "--format", "terraform-plan", "--account", user.username)

    with pytest.raises(CommandError, match="terraform show -json"):
        run(str(file), *words)
    with pytest.raises(CommandError, match="No such file"):
        run(str(tmp_path / "none.json"), *words)


def test_the_formats_are_listed() -> None:
    assert "terraform-plan       Terraform plan (declared)" in run("--list-formats")


def test_fifty_megabytes_are_refused_with_the_limit(tmp_path: Path) -> None:
    make_workspace("prod")
    user = administrator().user
    assert user is not None
    file = tmp_path / "plan.json"
    file.write_bytes(b'{"resources": "' + b"x" * (50 * 1024 * 1024) + b'"}')
    words = ("--workspace", "prod", "--format", "arm-template", "--account", user.username)

    with pytest.raises(CommandError, match="over the limit of 16777216 bytes") as refused:
        run(str(file), *words)

    assert refused.value.returncode == 1
    assert not Snapshot.objects.exists()
