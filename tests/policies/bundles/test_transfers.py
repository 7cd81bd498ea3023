"""Policies out as an OPA bundle and in again, with the real OPA in between."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.errors import AccessDenied, InvalidInput
from core.models import JournalEntry
from policies.bundles import archive
from policies.bundles.layout import Contents, bundle_bytes, bundle_files, contents_of
from policies.models import Policy, PolicySetVersion, PolicyVersion
from policies.packs.catalog import shipped
from policies.services import exports, policies, sets
from policies.services.checks import checked_policy
from policies.services.imports import import_bundle
from tests.factories import administrator, make_workspace, member
from tests.policies.estate import (
    CLOSED_FIXTURES,
    CLOSED_RULE,
    CLOSED_TESTS,
    WORKSPACE_TYPE,
    source,
)
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

pytestmark = pytest.mark.django_db
TEXT = source(CLOSED_RULE, package="acme.closed", kinds=(f"configuration/{WORKSPACE_TYPE}",))
TESTS = "package acme.closed_test\n" + CLOSED_TESTS.replace("{package}.", "closed.").format(
    package="acme.closed"
)


@pytest.fixture
def opa() -> Path:
    try:
        return opa_binary()
    except PartMissing as error:
        missing(str(error))


def make(name: str = "closed", *, text: str = TEXT, tests: str = TESTS) -> PolicyVersion:
    return policies.create_version(
        actor=administrator(), name=name, source=text, tests=tests, fixtures=CLOSED_FIXTURES
    )


def make_set() -> PolicySetVersion:
    make()
    return sets.create_version(
        actor=administrator(),
        name="base",
        title="Base",
        groups=[{"name": "net", "controls": ["frame/1"]}],
        members=[{"policy": "closed", "effect": "warn", "group": "net"}],
    )


def take(content: bytes, *, dry_run: bool = False) -> list[tuple[str, str]]:
    done = import_bundle(actor=administrator(), read=lambda: archive.read(content), dry_run=dry_run)
    return [(each.ref, each.outcome) for each in done]


def forgotten(content: bytes) -> bytes:
    """The same policy under another name and package, as if it came from elsewhere."""
    found = archive.read(content)
    files = {
        path.replace("acme/closed/", "other/closed/"): body.replace(b"acme.closed", b"other.closed")
        for path, body in found.files.items()
    }
    return archive.build(files, revision="1", roots=["other"])


@pytest.mark.usefixtures("without_opa")
class TestRoundTrip:
    def test_what_was_exported_is_imported_again(self) -> None:
        content = bundle_bytes(exports.set_contents(make_set().policy_set.uuid))

        assert take(content) == [("closed/1", "unchanged"), ("base/1", "unchanged")]
        assert take(forgotten(content)) == [("other.closed/1", "created")]
        fresh = PolicyVersion.objects.get(policy__name="other.closed")
        assert fresh.tests == TESTS.replace("acme.closed", "other.closed")
        assert [each.name for each in fresh.fixtures.order_by("name")] == [
            "closed",
            "open",
            "untold",
        ]

    def test_a_set_comes_along_with_what_its_members_say(self) -> None:
        made = make_set()
        contents = exports.set_contents(made.policy_set.uuid)
        renamed = Contents(contents.policies, {**contents.policy_set, "name": "copy"})

        assert take(bundle_bytes(renamed))[-1] == ("copy/1", "created")
        copy = PolicySetVersion.objects.get(policy_set__name="copy")
        assert (copy.digest, copy.groups) == (made.digest, made.groups)
        assert copy.members.get().effect == "warn"

    def test_equal_policies_give_equal_bytes_and_a_change_another_revision(self) -> None:
        version = make()
        before = exports.policy_contents(version.uuid)
        assert bundle_bytes(before) == bundle_bytes(exports.policy_contents(version.uuid))

        after = exports.policy_contents(make(text=f"{TEXT}# changed\n").uuid)

        revisions = {
            json.loads(bundle_files(each)[".manifest"])["revision"] for each in (before, after)
        }
        assert len(revisions) == 2

    def test_one_wrong_policy_keeps_all_of_them_out(self) -> None:
        make()
        contents = exports.all_contents()
        files = dict(archive.read(bundle_bytes(contents)).files)
        for name in ("good", "bad"):
            for path in list(files):
                if path.startswith("acme/closed/"):
                    body = files[path].replace(b"acme.closed", f"acme.{name}".encode())
                    files[path.replace("closed/", f"{name}/", 1)] = body
        files["acme/bad/policy.rego"] += b"\nextra := http.send({})\n"
        journalled = JournalEntry.objects.count()

        with pytest.raises(InvalidInput, match=r"http\.send is refused") as caught:
            take(archive.build(files, revision="1", roots=["acme"]))

        assert caught.value.errors[0].field == "acme.bad.source"
        assert Policy.objects.count() == 1
        assert JournalEntry.objects.count() == journalled

    def test_a_bundle_without_fixtures_is_refused(self) -> None:
        files = {"acme/closed/policy.rego": TEXT.encode()}

        with pytest.raises(InvalidInput, match="fixtures, are required"):
            take(archive.build(files, revision="1", roots=["acme"]))

    @pytest.mark.parametrize(
        ("files", "metadata", "told"),
        [
            ({}, {}, "holds no policy"),
            ({"a.rego": b"\xff"}, {}, "not UTF-8"),
            ({"a.rego": b"no package"}, {}, "package"),
            ({"a.rego": TEXT.encode()}, {"muniment": []}, "must be an object"),
            ({"a.rego": TEXT.encode()}, {"muniment": {"set": {"name": 1}}}, "the set in the man"),
        ],
    )
    def test_what_is_no_bundle_of_policies_is_refused(
        self, files: dict[str, bytes], metadata: dict[str, object], told: str
    ) -> None:
        with pytest.raises(InvalidInput, match=told):
            take(archive.build(files, revision="1", roots=[""], metadata=metadata))

    def test_a_dry_run_stores_nothing(self) -> None:
        content = forgotten(bundle_bytes(exports.policy_contents(make().uuid)))

        assert take(content, dry_run=True) == [("other.closed", "valid")]
        assert Policy.objects.count() == 1

    def test_only_an_administrator_of_the_organisation_imports(self) -> None:
        actor = member(make_workspace(), "admin")

        with pytest.raises(AccessDenied):
            import_bundle(actor=actor, read=lambda: archive.read(b""))

    def test_the_commands_write_and_read_folders_and_archives(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        make_set()
        folder, file = tmp_path / "bundle", tmp_path / "bundle.tar.gz"
        call_command("export_policies", folder, "--set", "base")
        call_command("export_policies", file, "--tar", "--set", "base")
        username = administrator().user.username  # type: ignore[union-attr]  # a person
        capsys.readouterr()

        for path in (folder, file):
            call_command("import_policies", path, "--as", username)

        assert (
            capsys.readouterr().out.splitlines() == ["closed/1 unchanged", "base/1 unchanged"] * 2
        )
        with pytest.raises(CommandError, match="is not empty"):
            call_command("export_policies", folder)
        with pytest.raises(CommandError, match="There is no policy"):
            call_command("export_policies", tmp_path / "new", "--policy", "nothing")
        (folder / "acme/closed/policy.rego").write_text(TEXT.replace("verdict", "answer"))
        with pytest.raises(CommandError, match="needs a rule named verdict"):
            call_command("import_policies", folder, "--as", username)


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_opa_builds_tests_and_evaluates_what_was_exported(opa: Path, tmp_path: Path) -> None:
    folder, built = tmp_path / "bundle", tmp_path / "built.tar.gz"
    make()
    for policy in shipped()[:5]:
        policies.store_version(
            actor=administrator(),
            name=f"{policy.pack}.{policy.name}",
            found=checked_policy(
                f"{policy.pack}.{policy.name}", source=policy.module.source, tests=""
            ),
            tests=policy.tests.source,
            fixtures=[],
        )
    call_command("export_policies", folder)
    asked = tmp_path / "input.json"
    shutil.copy(folder / "acme/closed/fixtures/fail/open.input", asked)

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(opa), *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    tested = json.loads(run("test", "-b", str(folder), "--format", "json"))
    assert len(tested) > 5
    assert not [each for each in tested if each.get("fail")]
    run("test", str(folder))
    run("build", "-b", str(folder), "-o", str(built))
    for bundle in (folder, built):
        query = ("data.acme.closed.verdict", "-i", str(asked), "--format", "raw")
        assert json.loads(run("eval", "-b", str(bundle), *query))["state"] == "fail"
    again = contents_of(archive.read(built.read_bytes()))
    assert len(again.policies) == 6
