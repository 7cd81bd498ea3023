"""A model whose life has one of everything that a dossier tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from audits.dossiers.collect import dossier_of
from core.actors import Actor
from core.sequencer import sequence_pending
from registry.models import AssetVersion, Run, RunInput, RunOutput, RunParam
from registry.services import cards, descriptions, experiments, rules, tags
from registry.services.deployments import revisions, states
from registry.services.promotions import decide, request
from tests.audits.conftest import House, finish_tasks
from tests.factories import (
    DATASET_SPEC,
    MODEL_SPEC,
    RESULT_SPEC,
    make_dataset,
    make_model,
    make_upload,
    make_version,
    reference,
)
from tests.policies.estate import TICKET_RULE, assign, make_policy

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier
    from registry.models import Workspace

WEIGHTS = b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "
LETTERS = b'{"text": "My bin was not emptied.", "urgent": false}\n'
CARD = {
    "summary": "Sorts <b>complaints</b> by urgency.",
    "intended_use": "For clerks who answer complaints.",
    "limitations": "It fails on dialects.",
    "human_oversight": "A clerk reads every answer.",
    "ethical_considerations": "It may be unfair to those who write little.",
    "contact": "complaints@acme.example",
}
SPEC = {
    "source": {"type": "artifact"},
    "task": "text-classification",
    "license": "Apache-2.0",
    "architecture": "BertForSequenceClassification",
    "framework": "transformers",
    "languages": ["en"],
    "modalities": ["text"],
    "hyperparameters": {"learning_rate": 0.00002, "epochs": 3},
    "risk_tier": "high",
}
COMPLAINTS = {
    **DATASET_SPEC,
    "license": "CC-BY-4.0",
    "purpose": "To learn what is urgent.",
    "source": {"description": "Letters to the office.", "uri": "https://data.example/letters"},
    "fields": [
        {"name": "text", "type": "string", "description": "The letter.", "personal": True},
        {"name": "urgent", "type": "boolean"},
    ],
    "personal_data": {"contains": True, "lawful_basis": "6(1)(e)", "measures": "Names are masked."},
    "preparation": "Two clerks labelled each letter.",
    "known_biases": "Few letters come from the young.",
    "languages": ["en"],
}


@dataclass(frozen=True)
class Story:
    """The model in development, its copy in production, and when each of it was told."""

    house: House
    source: AssetVersion
    promoted: AssetVersion
    data: AssetVersion
    result: AssetVersion
    registered_at: datetime
    told_at: datetime

    def dossier(self, *within: Workspace, at: datetime | None = None) -> Dossier:
        """The dossier of the copy in production."""
        return dossier_of(self.promoted, at=at or self.told_at, within=within)


def tell(house: House) -> Story:
    """Live the life of the model."""
    author = house.member("an-author", dev="author")
    source, data = _registered(house, author)
    held_out = make_dataset(house.dev, name="held-out")
    registered_at = timezone.now()
    _run(house, source, data)
    result = _result(house, source, held_out)
    descriptions.describe_version(
        actor=house.admin, version=source.uuid, description="Sorts complaints."
    )
    tags.set_version_tag(actor=house.admin, version=source.uuid, key="team", value="office")
    _accepted_card(house, source, author)
    finish_tasks()
    promoted = _promoted(house, source)
    tags.set_version_tag(
        actor=house.admin, version=promoted.uuid, key="annex-iv.1.e.hardware", value="Two CPUs."
    )
    _served(house, promoted)
    finish_tasks()
    sequence_pending()
    told = AssetVersion.objects.select_related("asset__workspace")
    return Story(
        house,
        told.get(pk=source.pk),
        told.get(pk=promoted.pk),
        data,
        result,
        registered_at,
        timezone.now(),
    )


def _registered(house: House, author: Actor) -> tuple[AssetVersion, AssetVersion]:
    """The model with its weights, made from another and from letters; and the letters."""
    base = make_model(house.dev, name="base", spec=MODEL_SPEC)
    letters = make_upload(house.dev, LETTERS)
    data = make_dataset(
        house.dev,
        name="complaints",
        spec=COMPLAINTS,
        artifacts=[{"path": "letters.jsonl", "upload": letters.uuid}],
    )
    upload = make_upload(house.dev, WEIGHTS, actor=author)
    source = make_model(
        house.dev,
        name="sorter",
        actor=author,
        spec=SPEC,
        trained_on=[data],
        links=[("fine_tuned_from", base)],
        artifacts=[{"path": "model.safetensors", "upload": upload.uuid}],
        metrics=[{"name": "loss", "value": 0.125, "evaluator": ""}],
    )
    return source, data


def _run(house: House, source: AssetVersion, data: AssetVersion) -> None:
    experiment = experiments.create(actor=house.admin, workspace="audit-dev", name="sorting")
    admin = house.admin.user
    assert admin is not None
    now = timezone.now()
    run = Run.objects.create(
        experiment=experiment, name="night", status="finished", ended_at=now, created_by=admin
    )
    RunParam.objects.create(run=run, key="epochs", value="3")
    RunInput.objects.create(run=run, version=data, name="complaints", digest="d1")
    RunInput.objects.create(run=run, name="dictionary", digest="9a0f", context="training")
    RunOutput.objects.create(run=run, version=source)


def _result(house: House, source: AssetVersion, held_out: AssetVersion) -> AssetVersion:
    return make_version(
        house.dev,
        "result",
        {**RESULT_SPEC, "samples": 120},
        name="sorting-quality",
        links=[("evaluates", source), ("evaluated_on", held_out)],
        metrics=[{"name": "accuracy", "value": 0.91, "evaluator": "judge"}],
    )


def _accepted_card(house: House, source: AssetVersion, author: Actor) -> None:
    cards.write(actor=author, version=source.uuid, fields=CARD)
    cards.submit(actor=author, version=source.uuid)
    cards.review(
        actor=house.member("a-reviewer", dev="approver"),
        version=source.uuid,
        decision="accepted",
        revision=1,
    )


def _promoted(house: House, source: AssetVersion) -> AssetVersion:
    rules.set_required_approvals(actor=house.admin, workspace="audit-prod", required_approvals=1)
    ticket = make_policy(TICKET_RULE, kinds=("promotion/model",))
    assign(ticket, house.prod, "deny")
    asked = request.promote(
        actor=house.admin,
        source=reference(source),
        target="audit-prod",
        alias="production",
        reason="T-9",
    )
    done = decide.decide(
        actor=house.member("an-approver", prod="approver"),
        promotion=asked.uuid,
        decision="approved",
        binding=asked.binding,
        comment="It is better than the one before.",
    )
    assert done.target_version is not None
    return done.target_version


def _served(house: House, promoted: AssetVersion) -> None:
    deployer = house.member("a-deployer", prod="deployer")
    revision = revisions.create(
        actor=deployer,
        workspace="audit-prod",
        name="office",
        members=[{"version": reference(promoted), "traffic": 100}],
    )
    states.report(actor=deployer, deployment=revision.deployment.uuid, state="running")
