"""From the journal to rows: each entry leaves its events and edges once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from core import consumers
from core.models import ConsumerCursor, JournalSequence, Task
from core.sequencer import sequence_pending
from lineage.consumer import LineageConsumer
from lineage.mapping.validation import InvalidEvent
from lineage.models import Edge, LineageEvent, Mention
from registry.services.promotions import rollback
from tests import factories
from tests.lineage.steps import approve, promote, tell

if TYPE_CHECKING:
    from registry.models import AssetVersion

pytestmark = pytest.mark.django_db


def edges() -> set[tuple[str, str, str]]:
    rows = Edge.objects.select_related("source__asset__workspace", "target__asset__workspace").all()
    return {
        (factories.reference(row.source), row.relation, factories.reference(row.target))
        for row in rows
    }


def rows() -> dict[str, Any]:
    """Everything that recording writes, without what depends on when it was written."""
    return {
        "events": sorted(LineageEvent.objects.values_list("digest", "action", "subject", "run")),
        "mentions": sorted(Mention.objects.values_list("event__digest", "version_id")),
        "edges": sorted(Edge.objects.values_list("source", "target", "relation", "run", "seq")),
    }


def the_main_job() -> tuple[AssetVersion, AssetVersion]:
    """Data, model, prompt, flow, evaluation, and a promotion that was approved."""
    dev = factories.make_workspace("dev")
    prod = factories.make_workspace("prod", stage="production", required_approvals=1)
    tickets = factories.make_dataset(dev, name="tickets")
    model = factories.make_model(dev, trained_on=[tickets], name="llm")
    prompt = factories.make_prompt(dev, name="answer")
    flow = factories.make_flow(dev, [model, prompt], name="bot")
    factories.make_result(dev, flow, name="eval")
    copy = approve(promote(flow, prod)).target_version
    assert copy is not None
    return flow, copy


def test_edges_lead_from_what_was_read_to_what_was_made() -> None:
    the_main_job()

    tell()

    assert edges() == {
        ("dev/dataset/tickets/1", "trained_on", "dev/model/llm/1"),
        ("dev/model/llm/1", "uses_model", "dev/flow/bot/1"),
        ("dev/prompt/answer/1", "uses_prompt", "dev/flow/bot/1"),
        ("dev/flow/bot/1", "evaluates", "dev/result/eval/1"),
        ("dev/model/llm/1", "promoted", "prod/model/llm/1"),
        ("dev/prompt/answer/1", "promoted", "prod/prompt/answer/1"),
        ("dev/flow/bot/1", "promoted", "prod/flow/bot/1"),
        ("prod/model/llm/1", "uses_model", "prod/flow/bot/1"),
        ("prod/prompt/answer/1", "uses_prompt", "prod/flow/bot/1"),
    }


def test_an_edge_names_its_run_and_its_place_in_the_journal() -> None:
    flow, copy = the_main_job()

    tell()

    promotion = flow.promotions.get()
    edge = Edge.objects.get(source=flow, target=copy)
    completed = JournalSequence.objects.get(entry__action="registry.promotion.completed")
    assert (edge.run, edge.seq) == (promotion.uuid, completed.seq)
    assert edge.created_at == completed.entry.occurred_at
    assert LineageEvent.objects.filter(run=edge.run).count() == 3


def test_a_second_promotion_of_the_same_members_adds_its_own_copy_only() -> None:
    dev = factories.make_workspace()
    staging = factories.make_workspace(stage="staging")
    flow = factories.make_flow(dev, [factories.make_prompt(dev)])
    promote(flow, staging)
    tell()
    before = Edge.objects.count()

    promote(flow, staging)
    tell()

    added = Edge.objects.order_by("pk")[before:]
    assert [edge.relation for edge in added] == ["promoted", "uses_prompt"]


def test_a_requested_and_completed_promotion_is_one_run_with_one_start() -> None:
    flow, _ = the_main_job()

    tell()

    run = LineageEvent.objects.filter(run=flow.promotions.get().uuid).order_by("pk")
    assert [(event.event_type, event.action) for event in run] == [
        ("START", "registry.promotion.requested"),
        ("OTHER", "registry.promotion.decided"),
        ("COMPLETE", "registry.promotion.completed"),
    ]


def test_a_refused_promotion_leaves_events_and_no_edge() -> None:
    dev, prod = factories.make_workspace(), factories.make_workspace(stage="production")
    rules_of = factories.make_workspace(stage="production", required_approvals=1)
    prompt = factories.make_prompt(dev)
    approve(promote(prompt, rules_of), decision="rejected")

    tell()

    run = LineageEvent.objects.filter(kind="RUN")
    assert sorted(run.values_list("event_type", flat=True)) == ["ABORT", "OTHER", "START"]
    assert not Edge.objects.exists()
    assert not LineageEvent.objects.filter(workspace=prod).exists()


def test_telling_every_entry_again_adds_nothing() -> None:
    the_main_job()
    tell()
    once = rows()

    ConsumerCursor.objects.update(seq=-1)
    tell()

    assert rows() == once
    assert once["events"]


def test_the_order_of_telling_does_not_matter() -> None:
    the_main_job()
    sequence_pending()
    places = JournalSequence.objects.select_related("entry").order_by("seq")
    entries = [consumers.sequenced(place) for place in places]

    for entry in reversed(entries):
        LineageConsumer().consume(entry)
    backwards = rows()
    tell()

    assert rows() == backwards
    assert len(backwards["edges"]) == 9


def test_an_event_that_is_not_valid_is_not_stored_and_does_not_stop_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dev = factories.make_workspace()
    factories.make_dataset(dev, name="broken")
    factories.make_dataset(dev, name="sound")

    def suspicious(event: dict[str, Any]) -> None:
        if event["dataset"]["name"].endswith("/broken"):
            raise InvalidEvent("dataset: too broken")

    monkeypatch.setattr("lineage.services.recording.require_valid", suspicious)
    sequence_pending()
    with pytest.raises(AssertionError, match="too broken"):
        tell()

    stored = LineageEvent.objects.values_list("subject", flat=True)
    assert [subject.split("/")[-2] for subject in stored] == ["sound"]


def test_events_wait_for_the_sinks_in_one_task() -> None:
    dev = factories.make_workspace()
    factories.make_dataset(dev)
    factories.make_dataset(dev)

    tell()

    task = Task.objects.get(name="lineage.deliver")
    assert (task.payload, task.state) == ({"sink": "default"}, "queued")


def test_a_transport_setting_that_makes_no_sense_does_not_lose_events(settings: Any) -> None:
    settings.OPENLINEAGE_TRANSPORT = '{"type": 5}'
    factories.make_dataset(factories.make_workspace())

    tell()

    assert LineageEvent.objects.count() == 1
    assert not Task.objects.filter(name="lineage.deliver").exists()


@pytest.mark.parametrize("model", [LineageEvent, Mention, Edge])
def test_what_was_recorded_cannot_be_changed(model: Any) -> None:
    the_main_job()
    tell()
    row = model.objects.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{CHANGEABLE[model]: CHANGED[model]})


CHANGEABLE = {LineageEvent: "subject", Mention: "version_id", Edge: "relation"}
CHANGED: dict[Any, Any] = {LineageEvent: "another", Mention: 1_000_000, Edge: "derived_from"}


def test_a_rollback_is_told_in_the_run_of_the_promotion_that_it_undoes() -> None:
    flow, first = the_main_job()
    dev, prod = flow.asset.workspace, first.asset.workspace
    prompt = factories.make_prompt(dev, name="answer")
    second = approve(promote(factories.make_flow(dev, [prompt], name="bot"), prod))

    rollback.rollback(actor=factories.administrator(), promotion=second.uuid, reason="it is worse")
    tell()

    told = LineageEvent.objects.get(action="registry.promotion.rolled_back", event_type="OTHER")
    event = json.loads(bytes(told.body))
    assert event["run"]["runId"] == str(second.uuid)
    assert event["run"]["facets"]["tags"]["tags"] == [
        {"key": "rolled_back_to", "value": "prod/flow/bot/1", "source": "MUNIMENT"}
    ]


def test_a_rebuild_adds_what_was_never_told_and_nothing_twice() -> None:
    the_main_job()
    sequence_pending()
    last = JournalSequence.objects.latest("seq").seq
    ConsumerCursor.objects.update_or_create(consumer="lineage", defaults={"seq": last})
    assert edges() == set()

    call_command("rebuild_lineage")
    tell()
    once = rows()
    call_command("rebuild_lineage")
    tell()

    assert ("dev/dataset/tickets/1", "trained_on", "dev/model/llm/1") in edges()
    assert rows() == once
