"""The playground and test runs, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from policies.engines import opa_eval
from policies.models import Decision, PolicyFixture, PolicyVersion
from policies.services import pace, policies
from registry.models import Workspace
from tests.factories import administrator, make_workspace, member, token_client
from tests.policies.estate import (
    CLOSED,
    CLOSED_FIXTURES,
    CLOSED_RULE,
    CLOSED_TESTS,
    OPEN,
    WORKSPACE_TYPE,
    configuration_input,
    source,
    submit,
)
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

pytestmark = pytest.mark.django_db
TEXT = source(CLOSED_RULE, package="closed", kinds=(f"configuration/{WORKSPACE_TYPE}",))
TESTS = f"package closed_test\n{CLOSED_TESTS.format(package='closed')}"
PRINTING = TEXT.replace(
    "input.configuration.properties.public == false",
    'print("public is", input.configuration.properties.public)\n'
    "\tinput.configuration.properties.public == false",
)


@pytest.fixture
def opa() -> None:
    try:
        opa_binary()
    except PartMissing as error:
        missing(str(error))


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


@pytest.fixture
def assigner(prod: Workspace) -> APIClient:
    return token_client(member(prod, "admin"))


@pytest.fixture(autouse=True)
def nobody_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    pace._asked.clear()


def tried(client: APIClient, status: int = 200, **body: Any) -> Any:
    answer = client.post("/api/policies/playground/", {"source": TEXT} | body)
    assert answer.status_code == status, answer.content
    return answer.json()


def make(tests: str = "") -> PolicyVersion:
    return policies.create_version(
        actor=administrator(), name="closed", source=TEXT, tests=tests, fixtures=CLOSED_FIXTURES
    )


@pytest.mark.usefixtures("without_opa")
class TestPlayground:
    def test_a_text_is_tried_on_a_snapshot(self, assigner: APIClient, prod: Workspace) -> None:
        snapshot = submit(prod, OPEN)

        told = tried(assigner, snapshot=str(snapshot.uuid), parameters={"x": 1})

        (traced,) = told["traced"]
        assert traced["outcome"]["state"] == "fail"
        assert traced["outcome"]["findings"] == [{"path": "properties.public", "msg": "it is open"}]
        assert traced["outcome"]["engine"] == "regopy"
        assert traced["outcome"]["duration_us"] > 0
        assert told["input"]["configuration"] == OPEN
        assert told["input"]["parameters"] == {"x": 1}
        assert (told["problems"], told["metadata_problem"]) == ([], "")

    def test_nothing_of_it_is_stored(self, assigner: APIClient) -> None:
        tried(assigner, input=configuration_input(CLOSED))

        assert not PolicyVersion.objects.exists()
        assert not Decision.objects.exists()

    def test_a_text_is_tried_on_a_stored_fixture(self, assigner: APIClient) -> None:
        make()
        fixture = PolicyFixture.objects.get(name="closed")

        (traced,) = tried(assigner, fixture=str(fixture.uuid))["traced"]

        assert traced["outcome"]["state"] == "pass"

    def test_what_it_prints_is_told_and_keeps_it_from_being_stored(
        self, assigner: APIClient
    ) -> None:
        told = tried(assigner, source=PRINTING, input=configuration_input(OPEN))

        assert told["traced"][0]["printed"] == "public is true\n"
        (problem,) = told["problems"]
        assert problem["message"].startswith("print is refused")
        assert problem["line"] == PRINTING[: PRINTING.index("print(")].count("\n") + 1

    def test_a_text_that_is_unsound_is_told_where_and_not_run(self, assigner: APIClient) -> None:
        text = TEXT.replace("input.configuration.properties.public == true", "typo")

        told = tried(assigner, source=text, input=configuration_input(OPEN))

        assert "typo is declared nowhere" in [each["message"] for each in told["problems"]]
        assert told["traced"] == []

    def test_what_is_missing_from_metadata_and_input_is_told_beside_the_answer(
        self, assigner: APIClient
    ) -> None:
        text = TEXT.replace("severity: high", "severity: grave")

        told = tried(assigner, source=text, input={"configuration": OPEN})

        assert "severity" in told["metadata_problem"]
        assert told["input_problems"]
        assert told["traced"][0]["outcome"]["state"] == "fail"

    def test_advice_is_told(self, assigner: APIClient) -> None:
        text = TEXT.replace("== false", '== false\n\tlower(input.resource.type) != "x"')

        told = tried(assigner, source=text, input=configuration_input(OPEN))

        assert "guard it with" in told["advice"][0]["message"]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "input"),
            ({"input": {}, "fixture": "01a21c5c-087b-72fd-8b09-f00f2635a794"}, "input"),
            ({"fixture": "01a21c5c-087b-72fd-8b09-f00f2635a794"}, "fixture"),
            ({"snapshot": "01a21c5c-087b-72fd-8b09-f00f2635a794"}, "snapshot"),
            ({"input": {"x": "\x01"}}, "input"),
            ({"input": {}, "source": "no policy"}, "source"),
            ({"input": {}, "explain": "all"}, "explain"),
            ({"input": {"x": "y" * 1_100_000}}, "input"),
        ],
    )
    def test_what_cannot_be_tried_is_told(
        self, assigner: APIClient, body: dict[str, Any], field: str
    ) -> None:
        assert tried(assigner, 400, **body)["errors"][0]["field"] == field

    def test_a_snapshot_that_the_caller_does_not_see_is_none(self, assigner: APIClient) -> None:
        hidden = submit(make_workspace("hidden"), OPEN)

        told = tried(assigner, 400, snapshot=str(hidden.uuid))

        assert told["errors"][0]["field"] == "snapshot"

    @pytest.mark.parametrize("role", ["reader", "author", "deployer", "auditor"])
    def test_only_those_who_write_or_assign_policies_try(self, prod: Workspace, role: str) -> None:
        tried(token_client(member(prod, role)), 403, input={})

    def test_an_account_tries_so_often_and_no_oftener(
        self, assigner: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pace, "PER_MINUTE", 2)
        for _ in range(2):
            tried(assigner, input=configuration_input(OPEN))

        told = tried(assigner, 429, input=configuration_input(OPEN))

        assert "At most 2 trials a minute" in told["detail"]

    def test_a_text_that_runs_away_ends(self, assigner: APIClient, settings: Any) -> None:
        settings.POLICY_TIMEOUT_SECONDS = 1
        slow = (
            "some a in numbers.range(1, 9999)\n\tsome b in numbers.range(1, 9999)\n\ta * b == -1\n"
        )
        text = TEXT.replace("input.configuration.properties.public == false", slow)

        (traced,) = tried(assigner, source=text, input=configuration_input(OPEN))["traced"]

        assert traced["outcome"]["state"] == "error"
        assert "stopped" in traced["outcome"]["error"]


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
class TestWithOpa:
    def test_every_engine_of_the_machine_answers_and_opa_explains(
        self, assigner: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(opa_eval, "EXPLAINABLE_US", 60_000_000)  # OPA may start slowly
        told = tried(assigner, source=PRINTING, input=configuration_input(OPEN), explain="full")

        ours, theirs = told["traced"]
        assert (ours["outcome"]["engine"], theirs["outcome"]["engine"]) == ("regopy", "opa-cli")
        assert ours["outcome"]["findings"] == theirs["outcome"]["findings"]
        assert theirs["printed"] == "public is true\n"
        assert "Enter data.closed.verdict" in theirs["trace"]

    def test_tests_and_fixtures_are_run_and_told_one_by_one(self, assigner: APIClient) -> None:
        version = make(TESTS)

        answer = assigner.post(f"/api/policies/versions/{version.uuid}/test/")

        told = answer.json()
        assert (answer.status_code, told["ok"]) == (200, True)
        assert {each["name"]: each["passed"] for each in told["tests"]} == {
            "test_closed_passes": True,
            "test_open_fails": True,
        }
        assert len(told["fixtures"]) == 2 * len(CLOSED_FIXTURES)
        assert {each["outcome"]["engine"] for each in told["fixtures"]} == {"regopy", "opa-cli"}
        assert all(each["passed"] for each in told["fixtures"])


@pytest.mark.usefixtures("without_opa")
def test_without_opa_the_fixtures_are_run_and_the_rest_is_told(assigner: APIClient) -> None:
    version = make(TESTS)

    told = assigner.post(f"/api/policies/versions/{version.uuid}/test/").json()

    assert (told["ok"], told["tests"], told["checked_by"]) == (True, [], None)
    assert told["why_no_suite"].startswith("no OPA binary")
    assert [each["name"] for each in told["fixtures"]] == ["closed", "open", "untold"]


@pytest.mark.usefixtures("without_opa")
def test_bundles_are_downloaded_and_sent_back(assigner: APIClient) -> None:
    version = make()
    url = f"/api/policies/versions/{version.uuid}/bundle/"
    answer = assigner.get(url)

    assert answer["Content-Type"] == "application/gzip"
    assert answer["Content-Disposition"] == 'attachment; filename="closed-1.tar.gz"'
    assert assigner.get(url, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    sent = token_client(administrator()).generic(
        "POST", "/api/policies/imports/", answer.content, content_type="application/gzip"
    )
    assert sent.status_code == 201, sent.content
    assert sent.json() == {"results": [{"ref": "closed/1", "outcome": "unchanged"}]}
