"""Policies as services, and those that ship."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from core.errors import AccessDenied, Conflict, InvalidInput
from core.journal import decode
from core.models import JournalEntry
from policies.engines.base import Module
from policies.models import Policy, PolicySetVersion, PolicyVersion
from policies.packs.catalog import shipped
from policies.services import policies
from tests.factories import administrator, make_workspace, member
from tests.policies.estate import (
    CLOSED_FIXTURES,
    CLOSED_RULE,
    CLOSED_TESTS,
    SUNSET_RULE,
    WORKSPACE_TYPE,
    assign,
    make_policy,
    source,
)
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

pytestmark = pytest.mark.django_db
KINDS = (f"configuration/{WORKSPACE_TYPE}",)
TEXT = source(CLOSED_RULE, package="closed", kinds=KINDS)


@pytest.fixture
def needs_opa() -> None:
    try:
        opa_binary()
    except PartMissing as error:
        missing(str(error))


def create(text: str = TEXT, *, name: str = "closed", tests: str = "") -> PolicyVersion:
    return policies.create_version(
        actor=administrator(), name=name, source=text, tests=tests, fixtures=CLOSED_FIXTURES
    )


def test_metadata_is_read_when_a_policy_is_saved(without_opa: None) -> None:
    version = create()

    assert version.reference == "closed/1"
    assert (version.title, version.severity) == ("The policy closed", "high")
    assert version.described.controls == ("test/control-1",)
    assert version.described.judges("configuration", WORKSPACE_TYPE.upper())
    entry = JournalEntry.objects.get(action="policies.policy.version_created")
    assert entry.subject_digest == version.digest
    assert decode(entry)["data"]["checked_by"] is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("package closed\n", "line 1"),
        (TEXT.replace("# scope: package\n", ""), "scope"),
        (TEXT.replace("severity: high", "severity: grave"), "severity"),
        (TEXT + "\nextra if typo == 1\n", "typo is declared nowhere"),
        (TEXT + "\nextra := http.send({})\n", "http.send is refused"),
        (TEXT + "\nextra := opa.runtime()\n", "opa.runtime is refused"),
        (TEXT.replace("package closed", "package system.log"), "system is not for policies"),
        (TEXT.replace("package closed", "package muniment_fleet"), "not for policies"),
        (TEXT + "\nextra := data.other\n", "data is refused"),
        (TEXT.replace("verdict :=", "answer :="), "needs a rule named verdict"),
        (TEXT + "\nextra := {", ""),
        ("", "package"),
        (TEXT + "\0", "NUL"),
    ],
)
def test_a_text_that_is_no_policy_is_refused_with_its_place(
    without_opa: None, text: str, told: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        create(text)

    assert told in caught.value.detail
    assert caught.value.errors[0].field == "source"
    assert not Policy.objects.exists()


def test_problems_are_told_with_line_and_column(without_opa: None) -> None:
    line = len(TEXT.splitlines()) + 1

    with pytest.raises(InvalidInput) as caught:
        create(TEXT + "extra if typo == 1\n")

    assert caught.value.errors[0].reason.startswith(f"line {line}, column 10: ")


@pytest.mark.parametrize("name", ["", "Closed", "a/b", "a..b", "-a", "a" * 201, "a b", "a@b"])
def test_a_name_is_plain(without_opa: None, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create(name=name)

    assert caught.value.errors[0].field == "name"


def test_versions_are_numbered_and_the_newest_is_not_repeated(without_opa: None) -> None:
    create()
    with pytest.raises(Conflict):
        create()
    changed = create(TEXT + "\n# changed\n")
    back = create()

    assert (changed.number, back.number) == (2, 3)


def test_a_package_belongs_to_one_policy(without_opa: None) -> None:
    create()

    with pytest.raises(InvalidInput, match="belongs to another policy"):
        create(name="other")
    with pytest.raises(InvalidInput, match="has the package closed, not opened"):
        create(TEXT.replace("package closed", "package opened"))


def test_only_an_administrator_of_the_organisation_writes_policies() -> None:
    with pytest.raises(AccessDenied):
        policies.create_version(actor=member(make_workspace(), "admin"), name="closed", source=TEXT)


@pytest.mark.opa
@pytest.mark.usefixtures("needs_opa")
def test_opa_checks_a_policy_that_brings_tests() -> None:
    version = create(tests=f"package closed_test\n{CLOSED_TESTS.format(package='closed')}")

    assert version.checked_by is not None
    assert version.checked_by.startswith("OPA ")
    assert assign(version, make_workspace(), "deny").gates


@pytest.mark.opa
@pytest.mark.usefixtures("needs_opa")
@pytest.mark.parametrize(
    ("tests", "told"),
    [
        ("package closed_test\n\nimport rego.v1\n\ntest_it if 1 == 2\n", "tests failed in OPA"),
        ("package closed_test\n\nimport rego.v1\n\nnothing := 1\n", "hold no test"),
        ("package closed_test\n\nimport rego.v1\n\ntest_it if no_such(1)\n", "no_such"),
        ("package closed_test\n\nx := http.send({})\n", "http.send is refused"),
        ("package closed_test\n\nx := opa.runtime()\n", "opa.runtime is refused"),
        ("package system.log\n\ndrop := true\n", "system is not for policies"),
        ("# METADATA\n# schemas: []\npackage closed_test\n\nx := 1\n", "schemas are not taken"),
        ("no package", "package"),
    ],
)
def test_tests_that_prove_nothing_are_refused(tests: str, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create(tests=tests)

    assert told in caught.value.detail
    assert not Policy.objects.exists()


@pytest.mark.opa
@pytest.mark.usefixtures("needs_opa")
def test_without_tests_opa_compiles_and_that_is_not_enough_to_gate() -> None:
    assert create().checked_by is None
    unused = TEXT.replace("import rego.v1\n", "import rego.v1\nimport input.resource\n")
    with pytest.raises(InvalidInput):
        create(unused, name="unused")


@pytest.mark.opa
@pytest.mark.usefixtures("needs_opa")
def test_a_version_that_was_stored_unchecked_can_be_checked_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as hidden:
        hidden.setenv("MUNIMENT_OPA", "/nonexistent/opa")
        tests = f"package closed_test\n{CLOSED_TESTS.format(package='closed')}"
        version = create(tests=tests)
        with pytest.raises(Conflict, match="No OPA"):
            policies.check_version(actor=administrator(), version=version.uuid)

    checked = policies.check_version(actor=administrator(), version=version.uuid)

    assert checked.is_checked
    assert JournalEntry.objects.filter(action="policies.policy.version_checked").count() == 1
    policies.check_version(actor=administrator(), version=version.uuid)
    assert JournalEntry.objects.filter(action="policies.policy.version_checked").count() == 1


def test_packs_are_installed_once(without_opa: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("install_packs")
    call_command("install_packs")

    printed = capsys.readouterr().out.split()
    assert len(printed) == len(set(printed)) == len(shipped()) + PolicySetVersion.objects.count()
    assert Policy.objects.count() == PolicyVersion.objects.count() == len(shipped())
    baseline = PolicySetVersion.objects.get(policy_set__name="muniment-baseline")
    assert baseline.members.count() >= 4


def test_shipped_policies_gate_as_far_as_opa_has_checked_them(without_opa: None) -> None:
    call_command("install_packs")

    checked = set(
        PolicyVersion.objects.filter(checked_by__isnull=False).values_list("digest", flat=True)
    )

    assert checked == {policy.module.digest for policy in shipped() if policy.is_checked}


def test_a_version_knows_whether_it_reads_the_time() -> None:
    assert make_policy(SUNSET_RULE, kinds=KINDS, parameters=("sunset",)).reads_now
    assert not PolicyVersion.objects.get(pk=make_policy().pk).reads_now


def test_a_text_that_the_lint_of_today_refuses_is_not_checked_later() -> None:
    """As one that was stored before the lint knew better."""
    version = make_policy(checked=False)
    mark = f"{version.source}\nhighest := max([9, 10])\n"
    older = PolicyVersion.objects.create(
        policy=version.policy,
        number=2,
        source=mark,
        digest=Module("p.rego", mark).digest,
        tests=CLOSED_TESTS,
        metadata=version.metadata,
        reads_now=False,
    )

    with pytest.raises(InvalidInput, match="numbers by their digits"):
        policies.check_version(actor=administrator(), version=older.uuid)
