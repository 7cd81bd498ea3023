"""A dossier tells what was on record, as of a time, and nothing that its readers may not see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.dossiers.collect import dossier_of
from audits.dossiers.render_json import render
from core.errors import InvalidInput
from registry.models import AssetVersion
from registry.services import aliases, cards, descriptions, lifecycle, naming, tags
from registry.services.deployments import states
from tests.audits.conftest import House
from tests.audits.dossiers.conftest import Told
from tests.audits.dossiers.story import CARD, COMPLAINTS, Story
from tests.factories import make_dataset, make_model, make_result

SOURCE = "muniment://localhost/audit-dev/model/sorter/1"
COPY = "muniment://localhost/audit-prod/model/sorter/1"


def test_it_tells_what_the_version_is_and_how_it_came_where_it_is(told: Told) -> None:
    dossier = told.own
    (promotion,) = dossier.promotions

    assert dossier.version.uri == COPY
    assert (dossier.stage, dossier.lifecycle) == ("production", "active")
    assert [each.name for each in dossier.aliases] == ["production"]
    assert dossier.brought_by == promotion
    assert (promotion.source, promotion.results) == (SOURCE, (COPY,))
    (approval,) = promotion.approvals
    assert (approval.by.username, approval.counts) == ("an-approver", True)
    (decision,) = promotion.decisions
    assert decision.state == "pass"
    assert decision.uuid in {each for v in promotion.verdicts for each in v.evidence}
    assert dossier.provenance is not None
    (served,) = dossier.deployments
    assert (served.deployment, served.until) == ("audit-prod/deployment/office", None)
    assert dossier.card is not None
    assert (dossier.card.status, dict(dossier.card.fields)) == ("accepted", CARD)


def test_what_lies_elsewhere_is_told_by_digests_alone(told: Told) -> None:
    names = {each.name: each for each in told.own.things[1:]}

    assert set(names) == {"sorter", "complaints", "base"}
    assert all(each.spec == "" and each.description == "" for each in names.values())
    assert {each.digest for each in names.values()} <= {each.digest for each in told.whole.things}
    assert told.own.runs == ()
    assert [each.datasets for each in told.own.evaluations] == [()]


def test_workspaces_that_its_readers_may_view_are_told_in_full(told: Told) -> None:
    dossier = told.whole
    (run,) = dossier.runs
    (evaluation,) = dossier.judged

    assert [each.name for each in dossier.data] == ["complaints"]
    assert dossier.data[0].license == "CC-BY-4.0"
    assert dict(dossier.linked(["fine_tuned_from"])).keys() == {"fine_tuned_from"}
    assert run.parameters == (("epochs", "3"),)
    assert [each.name for each in dossier.outside] == ["dictionary"]
    assert [(each.name, each.value) for each in evaluation.measures] == [("accuracy", "0.91")]
    assert [dossier.by_uri[uri].name for uri in evaluation.datasets] == ["held-out"]


def test_every_fact_names_the_entries_that_prove_it(told: Told) -> None:
    dossier = told.whole
    known = {each.uuid: each.action for each in dossier.entries}
    (promotion,) = dossier.promotions
    tag = next(each for each in dossier.tags if each.key.startswith("annex-iv"))

    assert all(each.seq is not None for each in dossier.entries)
    assert [known[each] for each in promotion.entries] == [
        "registry.promotion.requested",
        "registry.promotion.decided",
        "registry.promotion.completed",
    ]
    assert [known[each] for each in dossier.aliases[0].entries] == ["registry.alias.moved"]
    assert [known[each] for each in tag.entries] == ["registry.version_tag.set"]
    for thing in (*dossier.data, *(each for _, each in dossier.linked(["fine_tuned_from"]))):
        assert [known[each] for each in thing.entries] == ["registry.version.registered"]
    assert all(dossier.judged[0].entries)


def test_what_comes_later_changes_nothing_of_what_was(story: Story) -> None:
    before = [render(story.dossier()), render(story.dossier(story.house.dev))]
    admin, version = story.house.admin, story.promoted
    deployment = story.dossier().deployments[0]
    tags.set_version_tag(actor=admin, version=version.uuid, key="later", value="1")
    tags.remove_version_tag(actor=admin, version=version.uuid, key="annex-iv.1.e.hardware")
    tags.set_version_tag(actor=admin, version=version.uuid, key="annex-iv.1.e.hardware", value="x")
    descriptions.describe_version(actor=admin, version=version.uuid, description="Another text.")
    descriptions.describe_version(actor=admin, version=story.source.uuid, description="Another.")
    cards.write(actor=admin, version=version.uuid, fields={**CARD, "summary": "Another one."})
    stopped = version.deployed_in.get().revision.deployment
    assert deployment.deployment == stopped.reference
    states.report(actor=admin, deployment=stopped.uuid, state="stopped")
    states.stop(actor=admin, deployment=stopped.uuid)
    naming.rename(actor=admin, asset=version.asset.uuid, name="renamed")
    naming.rename(actor=admin, asset=story.source.asset.uuid, name="renamed-too")
    aliases.move(
        actor=admin, asset="audit-prod/model/renamed", alias="production", to=None, reason="end"
    )
    lifecycle.change(actor=admin, version=version.uuid, state="deprecated", reason="old")
    make_result(story.house.dev, story.source, name="later")
    fresh = AssetVersion.objects.select_related("asset__workspace").get(pk=version.pk)

    after = [
        render(dossier_of(fresh, at=story.told_at)),
        render(dossier_of(fresh, at=story.told_at, within=[story.house.dev])),
    ]

    assert after == before


def test_before_it_was_registered_there_is_nothing_to_tell(house: House) -> None:
    version = make_dataset(house.dev)

    with pytest.raises(InvalidInput, match="registered after"):
        dossier_of(version, at=version.created_at - timedelta(seconds=1))


def test_early_on_nothing_had_happened_yet(told: Told) -> None:
    dossier = told.early

    assert dossier.card is None
    assert (dossier.evaluations, dossier.promotions, dossier.aliases) == ((), (), ())
    assert (dossier.tags, dossier.version.description, dossier.runs) == ((), "", ())
    assert {each.action for each in dossier.entries} == {"registry.version.registered"}
    assert [each.look for each in dossier.version.artifacts] == [None]


def test_what_its_readers_may_not_see_is_counted_and_not_named(house: House) -> None:
    secret = make_dataset(house.prod, name="secret-letters", spec=COMPLAINTS)
    version = make_model(house.dev, trained_on=[secret, make_dataset(house.dev, name="letters")])
    dossier = dossier_of(version, at=version.created_at)

    assert dossier.hidden == 1
    assert [each.name for each in dossier.data] == ["letters"]
    assert b"secret" not in render(dossier)
    assert secret.digest.encode() not in render(dossier)


def test_more_sources_cost_no_more_queries(house: House) -> None:
    def queries(version: AssetVersion) -> int:
        with CaptureQueriesContext(connection) as captured:
            dossier_of(version, at=version.created_at)
        return len(captured)

    few, *more = (make_dataset(house.dev) for _ in range(6))

    assert (
        queries(make_model(house.dev, trained_on=[few, *more]))
        == queries(make_model(house.dev, trained_on=[few]))
        <= 45
    )
