"""The bundle command: export, verify, import."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import administrator, make_prompt, make_workspace, reference

pytestmark = pytest.mark.django_db


def run(*words: object) -> str:
    out = io.StringIO()
    call_command("bundle", *(str(word) for word in words), stdout=out)
    return out.getvalue()


def test_a_bundle_goes_from_one_workspace_to_another_by_command(tmp_path: Path) -> None:
    name = administrator().user.username  # type: ignore[union-attr]
    version = make_prompt(make_workspace(), name="answer", aliases=["candidate"])
    other, file = make_workspace(), tmp_path / "answer.bundle"

    content = run("export", reference(version), file, "--as", name).strip()
    told = run("verify", file)
    done = run("import", file, "--workspace", other.slug, "--as", name)

    assert content in told
    assert run("key").split()[0] in told
    assert done == f"{other.slug}/prompt/answer/1 new\n@candidate was not moved\n"


def test_what_goes_wrong_is_told_and_leaves_no_file(tmp_path: Path) -> None:
    name = administrator().user.username  # type: ignore[union-attr]
    file = tmp_path / "x.bundle"

    with pytest.raises(CommandError):
        run("export", "nowhere/prompt/answer/1", file, "--as", name)
    assert not file.exists()
    file.write_bytes(b"PK")
    with pytest.raises(CommandError, match="directory"):
        run("verify", file)
    with pytest.raises(CommandError, match="no account"):
        run("import", file, "--workspace", "x", "--as", "nobody-there")
