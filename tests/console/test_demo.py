from __future__ import annotations

import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model

from audits.models import Finding, Report, Risk, RiskLink, RiskRevision, Scan
from audits.reports.formats import STANDARD
from console.demo import organisation, sorter, specs, trials
from console.demo.people import PEOPLE, PROGRAMS, WORKSPACES
from console.demo.tickets import TICKETS, fields, rows, statistics
from core import consumers
from core.canonical import sha256
from core.models import JournalEntry, JournalPending, User
from lineage.models import Edge, LineageEvent
from policies.models import (
    Assignment,
    Attestation,
    AttestationEvidence,
    Decision,
    Exemption,
    Resource,
)
from policies.queries.posture import posture_of
from registry.kinds import KINDS
from registry.models import (
    AliasMove,
    AssetVersion,
    Evaluation,
    Experiment,
    ExperimentVerdict,
    Grant,
    Metric,
    Promotion,
    Run,
    RunMetric,
    VersionArtifact,
    Workspace,
)
from tests import factories

COUNTED: tuple[type[Model], ...] = (
    AliasMove,
    Assignment,
    AssetVersion,
    Attestation,
    Decision,
    Edge,
    Evaluation,
    Exemption,
    Experiment,
    ExperimentVerdict,
    Finding,
    Grant,
    JournalEntry,
    LineageEvent,
    Promotion,
    Report,
    Resource,
    Run,
    RunMetric,
    Scan,
    RiskRevision,
    User,
)


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in COUNTED}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_is_whole_and_repeating_it_changes_nothing() -> None:
    factories.make_admin("admin")

    first = organisation.build(say=print)
    once = counts()
    second = organisation.build(say=print)

    assert counts() == once
    assert (first.password is None, second.password is None) == (False, True)
    assert set(PEOPLE) | set(PROGRAMS) <= set(User.objects.values_list("username", flat=True))
    _promotions_tell_the_story()
    _versions_are_whole()
    _the_experiment_was_tried_in_earnest()
    _the_register_is_kept()
    _people_attest_what_no_platform_tells()
    _evidence_is_ready()


def _the_register_is_kept() -> None:
    states = Risk.objects.values_list("current__state", flat=True)
    assert sorted(states) == ["accepted", "open", "open", "open", "treated"]
    assert RiskLink.objects.count() == 2


def _people_attest_what_no_platform_tells() -> None:
    said = dict(Attestation.objects.values_list("reference_id", "state"))
    assert set(said.values()) == {"compliant", "non_compliant"}
    file = AttestationEvidence.objects.get(blob__isnull=False)
    assert (file.title, file.attestation.reference_id) == (
        "trainings.csv",
        "governance.ai_literacy",
    )
    lines = posture_of(Workspace.objects.get(slug="assist-prod")).lines
    states = Counter(line.state for line in lines if line.rule.reference_id in said)
    assert states == {"pass": 4, "fail": 1}


def _promotions_tell_the_story() -> None:
    into_production = Promotion.objects.filter(target__slug="assist-prod").order_by("id")
    assert [each.status for each in into_production] == [
        "completed",
        "refused",
        "awaiting_approval",
    ]
    completed, refused, _ = into_production
    approval = completed.approvals.get()
    assert approval.decided_by.username == "approver"
    assert completed.target_version is not None
    assert completed.target_version.aliases.filter(name="production").exists()
    evaluated = completed.target_version.provenance.body["evaluations"]
    assert {metric["name"] for metric in evaluated[0]["metrics"]} >= {
        "groundedness",
        "fluency",
        "coherence",
    }
    reasons = [
        reason["message"]
        for verdict in refused.verdicts
        if verdict["outcome"] == "refuse"
        for reason in verdict["reasons"]
    ]
    assert any("CC-BY-NC-4.0" in reason for reason in reasons)


def _versions_are_whole() -> None:
    here = AssetVersion.objects.filter(asset__workspace__slug="assist-dev")
    assert set(here.values_list("asset__kind", flat=True)) == set(KINDS)
    assert here.filter(asset__name="support-answer").count() == 3
    artifact = VersionArtifact.objects.filter(path=TICKETS.name).first()
    assert artifact is not None
    assert artifact.digest == sha256(TICKETS.body)
    assert set(Metric.objects.values_list("evaluator", flat=True)) == {
        "answer-judge",
        "support-lead",
        "muniment",
    }


def _the_experiment_was_tried_in_earnest() -> None:
    experiment = Experiment.objects.get()
    runs = experiment.runs.all()
    assert {run.status for run in runs} == {"finished"}
    assert {run.latest_metrics.count() for run in runs} == {3}
    for run in runs:
        history = run.metric_history.filter(key="train_loss").order_by("step")
        losses = list(history.values_list("value", flat=True))
        assert losses[0] > losses[-1], run.name
    assert experiment.verdicts.get().results.count() == 2


def _evidence_is_ready() -> None:
    scan = Scan.objects.get()
    assert scan.completed_at is not None
    assert set(scan.workspaces.values_list("slug", flat=True)) == set(WORKSPACES)
    formats = Report.objects.get().files.values_list("format", flat=True)
    assert set(formats) == set(STANDARD)
    assert Finding.objects.filter(state="open").exists()
    assert Finding.objects.filter(state="exempt").exists()
    assert not JournalPending.objects.exists()
    assert consumers.drain_all() == 0
    assert not User.objects.filter(is_superuser=True).exclude(username="admin").exists()


@pytest.mark.django_db
def test_the_demo_needs_an_administrator() -> None:
    with pytest.raises(CommandError, match="no administrator"):
        call_command("demo")


def test_the_statistics_are_those_of_the_file() -> None:
    every = [json.loads(line) for line in TICKETS.body.decode().splitlines()]

    told = statistics(rows(), size=len(TICKETS.body))

    assert told["rows"] == len(every) >= 60
    assert told["bytes"] == len(TICKETS.body)
    assert told["splits"] == dict(Counter(row["split"] for row in every))
    assert told["fields"]["id"]["distinct"] == len(every)
    assert set(told["fields"]) == {field["name"] for field in fields()} == set(every[0])


def test_the_splits_of_the_data_do_not_overlap() -> None:
    train = {row["question"] for row in rows(split="train")}
    test = {row["question"] for row in rows(split="test")}

    assert train.isdisjoint(test)
    assert len(train) + len(test) == len(rows())


@pytest.mark.parametrize("spec", [specs.BASE_MODEL, specs.RESEARCH_MODEL])
def test_the_models_fit_their_schema(spec: dict[str, object]) -> None:
    assert KINDS["model"].problems(spec) == []


def test_equal_trials_give_equal_numbers() -> None:
    learn, held_out = rows(split="train"), rows(split="test")

    first, again = (sorter.train(trials.TRIALS[0], learn, held_out) for _ in range(2))

    assert first == again
    assert len(first.answers) == len(held_out)
