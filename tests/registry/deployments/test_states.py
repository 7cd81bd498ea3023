"""What deployments shall do and do, now and as of a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import AccessDenied, Conflict, InvalidInput
from core.journal import decode
from registry.queries import deployments as queries
from registry.services import deletion, lifecycle
from registry.services.deployments import states
from tests.factories import administrator, member, reference, token_client
from tests.registry.composed import make_application
from tests.registry.deployments.conftest import Site, journalled, shares


def report(site: Site, state: str, revision: int | None = None) -> None:
    states.report(
        actor=site.deployer, deployment=site.deployment.uuid, state=state, revision=revision
    )


def now_serving(site: Site) -> list[tuple[int, str]]:
    rows: Any = queries.serving(site.deployer).order_by("id")
    return list(rows.values_list("revision__number", "state"))


def test_what_is_requested_does_not_serve_until_somebody_says_so(site: Site) -> None:
    assert now_serving(site) == []

    report(site, "deploying")
    assert now_serving(site) == []

    report(site, "running")
    assert now_serving(site) == [(1, "running")]
    told = decode(journalled("registry.deployment_state.reported")[-1])
    assert (told["before"], told["after"]) == ({"state": "deploying"}, {"state": "running"})


def test_the_old_revision_serves_until_the_new_one_runs(site: Site) -> None:
    report(site, "running")
    site.revise(members=shares(site.promoted()))
    assert now_serving(site) == [(1, "running")]

    report(site, "running")
    assert now_serving(site) == [(2, "running")]
    told = decode(journalled("registry.deployment_state.reported")[-1])
    assert told["data"]["superseded"] == [1]


def test_what_served_at_a_time_stays_the_answer_for_that_time(site: Site) -> None:
    report(site, "running")
    first = timezone.now()
    site.revise(members=shares(site.promoted()))
    report(site, "running")
    second = timezone.now()
    report(site, "failed")

    numbers = [
        [each.revision.number for each in queries.serving(site.deployer, at=moment)]
        for moment in (first - timedelta(days=1), first, second, timezone.now())
    ]
    assert numbers == [[], [1], [2], []]


def test_saying_the_same_again_changes_nothing(site: Site) -> None:
    report(site, "running")
    report(site, "running")

    assert len(journalled("registry.deployment_state.reported")) == 1


def test_a_deployment_is_stopped_and_started_once_each(site: Site) -> None:
    options: dict[str, Any] = {"actor": site.deployer, "deployment": site.deployment.uuid}
    states.stop(**options, reason="incident 7")

    with pytest.raises(Conflict, match="stopped already"):
        states.stop(**options)
    states.start(**options)
    with pytest.raises(Conflict, match="running already"):
        states.start(**options)

    (stopped,) = journalled("registry.deployment.stopped")
    assert decode(stopped)["reason"] == "incident 7"
    assert len(journalled("registry.deployment.started")) == 1


def test_reports_come_from_whoever_may_report_about_revisions_that_are_there(
    site: Site,
) -> None:
    with pytest.raises(AccessDenied):
        states.report(
            actor=member(site.team.prod, "reader"),
            deployment=site.deployment.uuid,
            state="running",
        )
    with pytest.raises(InvalidInput, match="has no revision 9"):
        report(site, "running", revision=9)
    with pytest.raises(InvalidInput, match="must be one of"):
        report(site, "dancing")


def test_where_a_model_is_used_is_one_question_with_application_and_contact(site: Site) -> None:
    application = reference(make_application(site.team.prod))
    site.revise(application=application, owner_contact="assist-desk@example.org")
    report(site, "running")
    client = token_client(site.deployer)

    (row,) = client.get(f"/api/registry/deployments/serving/?digest={site.version.digest}").json()[
        "results"
    ]
    long_ago = "2020-01-01T00:00:00Z"
    earlier = client.get(f"/api/registry/deployments/serving/?at={long_ago}").json()

    assert (row["application"], row["owner_contact"], row["traffic"]) == (
        application,
        "assist-desk@example.org",
        100,
    )
    assert earlier["results"] == []


@pytest.mark.parametrize("ending", ["deleted", "withdrawn"])
def test_what_was_taken_away_while_it_was_stopped_does_not_start_again(
    site: Site, ending: str
) -> None:
    states.stop(actor=site.deployer, deployment=site.deployment.uuid)
    chief, version = administrator(), site.version.uuid
    if ending == "deleted":
        deletion.delete_version(actor=chief, version=version, reason="wrong file")
    else:
        lifecycle.change(actor=chief, version=version, state="withdrawn", reason="unsafe")

    with pytest.raises(Conflict) as caught:
        states.start(actor=site.deployer, deployment=site.deployment.uuid)

    assert [each["code"] for each in caught.value.extra["reasons"]] == [f"member_{ending}"]
    assert queries.is_stopped(site.deployment)
