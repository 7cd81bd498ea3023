"""Shipped prompt templates, and the commands that bring files in and out."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.errors import AccessDenied, NotFound
from core.plain_yaml import dumps, loads
from registry.kinds import KINDS
from registry.kinds.cards import card_problems
from registry.models import AssetVersion
from registry.queries.cards import card_of, missing_fields
from registry.queries.documents import export
from registry.queries.templates import templates
from registry.services import templates as service
from tests.factories import administrator, make_prompt, make_workspace, member, reference

pytestmark = pytest.mark.django_db
ADMIN = "--account=the-administrator"


def test_there_are_templates_for_the_common_tasks() -> None:
    assert {
        "summarise",
        "extract",
        "classify",
        "rag-answer",
        "judge-groundedness",
        "safety-triage",
        "sql",
        "rewrite",
    } <= set(templates())


@pytest.mark.parametrize("name", templates())
def test_every_template_is_a_valid_prompt_with_a_card_that_production_takes(name: str) -> None:
    found = templates()[name]

    assert KINDS["prompt"].problems(found.spec) == []
    assert card_problems("prompt", found.card) == []
    made = service.instantiate(
        actor=administrator(), template=name, workspace=make_workspace().slug
    )
    assert missing_fields(made.version, "production") == []


def test_a_prompt_made_of_a_template_is_the_author_s_own_and_its_card_a_draft() -> None:
    place = make_workspace()
    author = member(place, "author")

    made = service.instantiate(
        actor=author, template="sql", workspace=place.slug, name="orders-sql", aliases=["live"]
    )

    assert reference(made.version) == f"{place.slug}/prompt/orders-sql/1"
    assert made.version.created_by == author.user
    card = card_of(made.version)
    assert card is not None
    assert card.status == "draft"
    with pytest.raises(NotFound):
        service.instantiate(actor=author, template="nothing", workspace=place.slug)
    with pytest.raises(AccessDenied):
        service.instantiate(actor=member(place, "reader"), template="sql", workspace=place.slug)


def test_installing_again_changes_nothing() -> None:
    place = make_workspace()
    for state in ("new", "there"):
        out = StringIO()
        call_command("install_templates", place.slug, ADMIN, stdout=out)
        lines = out.getvalue().splitlines()
        assert len(lines) == len(templates())
        assert all(line.startswith(state) for line in lines)
    assert AssetVersion.objects.count() == len(templates())


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of `manage.py asset`."""
    out, err = StringIO(), StringIO()
    code: Any = 0
    try:
        call_command("asset", *arguments, stdout=out, stderr=err)
    except SystemExit as stopped:
        code = stopped.code
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_files_go_out_and_come_back(tmp_path: Path, suffix: str) -> None:
    version = make_prompt(make_workspace(), name="greeting")
    other = make_workspace()
    file = str(tmp_path / f"greeting.{suffix}")

    assert run("export", reference(version), file, ADMIN)[0] == 0
    to = f"--workspace={other.slug}"
    code, out, _ = run("validate", file, ADMIN, to)
    assert (code, version.digest in out) == (0, True)
    assert AssetVersion.objects.count() == 1
    assert run("import", file, ADMIN, to)[0] == 0

    copy = AssetVersion.objects.get(asset__workspace=other)
    assert copy.digest == version.digest
    assert loads(run("export", reference(version), ADMIN)[1]) == export(
        administrator(), version.uuid
    )


def test_a_bad_file_is_told_line_by_line_and_the_exit_code_is_1(tmp_path: Path) -> None:
    version = make_prompt(make_workspace())
    document = export(administrator(), version.uuid)
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(dumps(document))
    bad.write_text(dumps(document | {"name": "a/b", "aliases": ["12"], "digest": "x"}))

    code, out, err = run("validate", str(bad), str(good), ADMIN)

    assert code == 1
    assert f"{bad}: name: " in err
    assert f"{bad}: aliases[0]: " in err
    assert f"{good}: valid" in out


def test_a_file_or_account_that_is_not_there_exits_with_2(tmp_path: Path) -> None:
    make_workspace()
    for arguments in (
        (str(tmp_path / "none.yaml"), ADMIN),
        (str(tmp_path / "none.yaml"), "--account=nobody"),
    ):
        with pytest.raises(CommandError) as caught:
            call_command("asset", "validate", *arguments)
        assert caught.value.returncode == 2


def test_the_account_s_rights_are_asked(tmp_path: Path) -> None:
    version = make_prompt(make_workspace())
    file = tmp_path / "p.yaml"
    file.write_text(dumps(export(administrator(), version.uuid)))
    member(version.asset.workspace, "reader", username="only-reads")

    code, _, err = run("import", str(file), "--account=only-reads")

    assert code == 1
    assert "create_version" in err
