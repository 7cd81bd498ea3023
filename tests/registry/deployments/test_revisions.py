"""What a deployment shall serve: revisions, their members and configurations."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.journal import decode
from registry.models import Deployment, DeploymentRevision, Workspace
from registry.services import deletion, lifecycle
from registry.services.deployments import revisions
from tests.factories import (
    administrator,
    make_dataset,
    make_flow,
    make_model,
    make_prompt,
    member,
    reference,
)
from tests.registry.composed import make_application
from tests.registry.deployments.conftest import Site, journalled, make_site, promoted, shares

FILTERS: dict[str, Any] = {"content_filters": {"input": [], "output": []}}


def test_a_deployment_comes_with_its_first_revision_and_the_journal_has_both(site: Site) -> None:
    revision = DeploymentRevision.objects.get()
    (entry,) = journalled("registry.deployment.revised")
    told = decode(entry)

    assert (revision.number, site.deployment.last_number) == (1, 1)
    assert told["subject"]["ref"] == site.deployment.reference
    assert told["subject"]["digest"] == revision.digest
    assert told["data"]["members"][0]["digest"] == site.version.digest
    assert told["actor"]["roles"] == ["deployer"]


def test_the_next_revision_keeps_what_is_not_mentioned(site: Site) -> None:
    site.revise(configuration=FILTERS, endpoint="https://assist.example/v1", owner_contact="desk")
    other = site.promoted()
    third = site.revise(members=shares(site.version, other))

    assert third.number == 3
    assert third.configuration == FILTERS
    assert (third.endpoint, third.owner_contact) == ("https://assist.example/v1", "desk")
    assert [each.traffic for each in third.members.order_by("id")] == [50, 50]


def test_a_revision_that_expects_another_newest_one_is_a_conflict(site: Site) -> None:
    site.revise(configuration=FILTERS, expected=1)

    with pytest.raises(Conflict) as caught:
        site.revise(configuration={}, expected=1)

    assert caught.value.extra == {"actual": 2}
    assert DeploymentRevision.objects.count() == 2


def test_a_rollback_is_a_new_revision_equal_to_the_old_one(site: Site) -> None:
    other = site.promoted()
    site.revise(members=shares(other), owner_contact="new desk")
    back = revisions.roll_back(
        actor=site.deployer, deployment=site.deployment.uuid, to=1, reason="worse answers"
    )
    first = DeploymentRevision.objects.get(number=1)
    told = decode(journalled("registry.deployment.revised")[-1])

    assert (back.number, back.equals, back.digest) == (3, first, first.digest)
    assert [each.version for each in back.members.all()] == [site.version]
    assert back.owner_contact == "new desk"
    assert (told["data"]["equals"], told["reason"]) == (1, "worse answers")


def test_what_was_desired_is_never_rewritten(site: Site) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        DeploymentRevision.objects.update(endpoint="https://elsewhere.example")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_deploymentmember")


@pytest.mark.parametrize("traffic", [[60, 60], [99], [0]])
def test_shares_that_do_not_sum_up_to_a_hundred_are_refused(site: Site, traffic: list[int]) -> None:
    versions = [site.version, site.promoted()]
    members = [
        {"version": reference(version), "traffic": share}
        for version, share in zip(versions, traffic, strict=False)
    ]

    with pytest.raises(InvalidInput, match="sum up to 100"):
        site.revise(members=members)


def test_only_what_a_promotion_brought_there_serves_in_production(site: Site) -> None:
    direct = make_prompt(site.team.prod)
    elsewhere = make_prompt(site.team.dev)

    with pytest.raises(Conflict, match=r"came into .* by no completed promotion"):
        site.revise(members=shares(direct))
    with pytest.raises(Conflict, match="promote it into"):
        site.revise(members=shares(elsewhere))


def test_in_development_what_lies_there_serves(site: Site) -> None:
    dev: Workspace = site.team.dev
    made = revisions.create(
        actor=member(dev, "deployer"),
        workspace=dev.slug,
        name="try",
        members=shares(make_model(dev)),
    )

    assert made.number == 1


def test_data_does_not_serve(site: Site) -> None:
    data = make_dataset(site.team.dev)

    with pytest.raises(InvalidInput, match="a dataset does not serve"):
        site.revise(members=shares(data))


def test_a_withdrawn_version_is_not_deployed_again(site: Site) -> None:
    other = site.promoted()
    site.revise(members=shares(other))
    lifecycle.change(
        actor=administrator(), version=site.version.uuid, state="withdrawn", reason="unsafe"
    )

    with pytest.raises(Conflict, match="is withdrawn: unsafe"):
        revisions.roll_back(actor=site.deployer, deployment=site.deployment.uuid, to=1)


def test_a_flow_with_a_withdrawn_member_is_not_deployed(site: Site) -> None:
    dev = site.team.dev
    prompt = make_prompt(dev)
    flow = make_flow(dev, [make_model(dev), prompt])
    lifecycle.change(actor=administrator(), version=prompt.uuid, state="withdrawn", reason="leaks")

    with pytest.raises(Conflict, match=r"which .* needs, is withdrawn"):
        revisions.create(
            actor=member(dev, "deployer"), workspace=dev.slug, name="x", members=shares(flow)
        )


def test_a_version_that_shall_serve_is_not_deleted(site: Site) -> None:
    with pytest.raises(Conflict, match="deployment"):
        deletion.delete_version(actor=administrator(), version=site.version.uuid, reason="tidy up")


def test_the_application_that_a_deployment_is_part_of_is_not_deleted(site: Site) -> None:
    application = make_application(site.team.prod)
    site.revise(application=reference(application))

    with pytest.raises(Conflict, match="deployment"):
        deletion.delete_version(actor=administrator(), version=application.uuid, reason="tidy up")


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "filters of another shape": ({"content_filters": {"input": "none"}}, "content_filters.input"),
    "an unknown field": ({"colour": "red"}, "configuration"),
    "a scale that shrinks": ({"scale": {"minimum": 3, "maximum": 1}}, "scale.minimum"),
    "a filter named twice": (
        {
            "content_filters": {
                "input": [{"name": "hate", "enabled": True, "blocking": True}] * 2,
            }
        },
        "content_filters.input",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_configuration_is_refused_with_its_place(site: Site, name: str) -> None:
    configuration, place = BAD[name]

    with pytest.raises(InvalidInput) as caught:
        site.revise(configuration=configuration)

    assert place in caught.value.errors[0].field
    assert DeploymentRevision.objects.count() == 1


@pytest.mark.parametrize("endpoint", ["nowhere", "https://a b", "x" * 3_000, "//host"])
def test_an_endpoint_is_an_absolute_address(site: Site, endpoint: str) -> None:
    with pytest.raises(InvalidInput, match="endpoint"):
        site.revise(endpoint=endpoint)


def test_a_name_is_taken_once(site: Site) -> None:
    with pytest.raises(Conflict, match="has a deployment called 'assist'"):
        revisions.create(
            actor=site.deployer,
            workspace=site.team.prod.slug,
            name="assist",
            members=shares(site.version),
        )
    assert Deployment.objects.count() == 1


def test_deploying_needs_the_right_and_strangers_see_nothing(site: Site) -> None:
    for actor, error in (
        (member(site.team.prod, "reader"), AccessDenied),
        (member(make_site().team.prod, "admin"), NotFound),
    ):
        with pytest.raises(error):
            site.revise(actor=actor, configuration=FILTERS)


def test_a_workspace_that_requires_reasons_gets_them(site: Site) -> None:
    Workspace.objects.filter(pk=site.team.prod.pk).update(requires_reason=True)

    with pytest.raises(InvalidInput, match="must say why"):
        site.revise(configuration=FILTERS)
    assert site.revise(configuration=FILTERS, reason="filters are off").number == 2


def test_numbers_have_no_gaps_where_a_change_failed(site: Site) -> None:
    with pytest.raises(InvalidInput):
        site.revise(endpoint="nowhere")

    assert site.revise(members=shares(promoted(site.team))).number == 2
