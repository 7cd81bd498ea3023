"""Create experiments, and conclude on their hypotheses."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.facts import end
from core.journal import publish
from core.references import FORBIDDEN
from core.texts import check_text
from registry import access
from registry.events import ExperimentConcluded, ExperimentCreated
from registry.models import (
    AssetVersion,
    Experiment,
    ExperimentFormerName,
    ExperimentTag,
    ExperimentVerdict,
    LifecycleStage,
    Verdict,
    VerdictResult,
)
from registry.permissions import Permission
from registry.queries.experiments import experiment_by_uuid
from registry.queries.versions import reference_of, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from core.models import User

MAX_NAME = 500
MAX_KEY = 250
MAX_TEXT = 20_000
MAX_LOCATION = 2_000
MAX_TAG = 8_000
MAX_TAGS = 100
MAX_RESULTS = 100


def create(
    *,
    actor: Actor,
    workspace: str,
    name: str,
    hypothesis: str = "",
    artifact_location: str = "",
    tags: Mapping[str, str] | None = None,
) -> Experiment:
    """Create an experiment. Needs record_run; raises Conflict for a name that one bears or bore."""
    right = Permission.RECORD_RUN
    place = access.workspace_by_slug(actor, workspace, permission=right, field="workspace")
    user = recording_user(actor)
    tags = tags or {}
    check_label(name, field="name", longest=MAX_NAME)
    check_tags(tags)
    location = check_text(artifact_location, field="artifact_location", limit=MAX_LOCATION)
    drafted = Experiment(
        workspace=place,
        name=name,
        hypothesis=check_text(hypothesis, field="hypothesis", limit=MAX_TEXT),
        artifact_location=location,
        created_by=user,
    )
    with transaction.atomic():
        experiment = _insert(drafted)
        ExperimentTag.objects.bulk_create(
            ExperimentTag(experiment=experiment, key=key, value=tags[key]) for key in tags
        )
        publish(
            ExperimentCreated(
                subject=f"experiment/{experiment.uuid}",
                workspace=place.uuid,
                experiment=str(experiment.uuid),
                name=name,
                hypothesis=hypothesis,
            ),
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
    return experiment


def _insert(experiment: Experiment) -> Experiment:
    try:
        with transaction.atomic():
            experiment.save(force_insert=True)
    except IntegrityError:
        raise taken_name(experiment) from None
    require_free_name(experiment)
    return experiment


def taken_name(experiment: Experiment) -> Conflict:
    """Return the error that the experiment's name is another's."""
    return Conflict(
        f"{experiment.workspace.slug} has an experiment {experiment.name!r}, now, deleted or by a "
        "former name."
    )


def require_free_name(experiment: Experiment) -> None:
    """Return if no other experiment bore the name of this one, which is written already; raises
    Conflict. Who bears it now is for the database's constraint to say."""
    former = ExperimentFormerName.objects.filter(
        workspace=experiment.workspace_id, name=experiment.name
    )
    if former.exclude(experiment=experiment).exists():
        raise taken_name(experiment)


def conclude(
    *,
    actor: Actor,
    experiment: UUID,
    status: str,
    text: str,
    results: Sequence[str] = (),
) -> Experiment:
    """Say how the hypothesis stands from now on, resting on result versions; earlier verdicts
    stay on record. Needs record_run. ``status`` "open" takes the last verdict back."""
    found = experiment_by_uuid(actor, experiment)
    access.require(
        actor, Permission.RECORD_RUN, found.workspace, subject=f"experiment/{found.uuid}"
    )
    user = recording_user(actor)
    if status not in Verdict.values:
        raise InvalidInput.of("status", f"must be one of {', '.join(Verdict.values)}")
    check_text(text, field="text", limit=MAX_TEXT)
    if not text.strip():
        raise InvalidInput.of("text", "must say why")
    versions = _results(actor, results)
    with transaction.atomic():
        held = Experiment.objects.select_for_update(no_key=True).get(pk=found.pk)
        if held.lifecycle_stage != LifecycleStage.ACTIVE:
            raise Conflict("The experiment is deleted; restore it first.")
        _replace_verdict(found, status=status, text=text, results=versions, user=user, actor=actor)
    return found


def _results(actor: Actor, references: Sequence[str]) -> list[AssetVersion]:
    if len(references) > MAX_RESULTS:
        raise InvalidInput.of("results", f"has more than {MAX_RESULTS} items")
    found: dict[int, AssetVersion] = {}
    for index, reference in enumerate(references):
        version = resolve(actor, reference, field=f"results[{index}]")
        if version.asset.kind != "result":
            raise InvalidInput.of(f"results[{index}]", f"is a {version.asset.kind}, no result")
        found[version.pk] = version
    return list(found.values())


def _replace_verdict(
    experiment: Experiment,
    *,
    status: str,
    text: str,
    results: Sequence[AssetVersion],
    user: User,
    actor: Actor,
) -> None:
    now = timezone.now()
    standing = ExperimentVerdict.objects.filter(experiment=experiment)
    before = standing.as_of(None).values_list("status", flat=True).first() or Verdict.OPEN
    end(standing, at=now)
    verdict = ExperimentVerdict.objects.create(
        experiment=experiment, status=status, text=text, decided_by=user, valid_from=now
    )
    VerdictResult.objects.bulk_create(
        VerdictResult(verdict=verdict, version=version) for version in results
    )
    workspace = experiment.workspace
    publish(
        ExperimentConcluded(
            subject=f"experiment/{experiment.uuid}",
            workspace=workspace.uuid,
            before={"status": before},
            after={"status": status},
            experiment=str(experiment.uuid),
            text=text,
            results=[str(reference_of(version)) for version in results],
        ),
        actor=actor,
        roles=access.roles(actor, workspace.pk),
    )


def recording_user(actor: Actor) -> User:
    """Return who records; raises InvalidInput for the system, which has no runs of its own."""
    if actor.user is None:
        raise InvalidInput("Only a user can record experiments and runs.")
    return actor.user


def check_label(text: str, *, field: str, longest: int) -> None:
    """Return if a name or key may be ``text``; raises InvalidInput.

    Clients elsewhere put slashes, colons and the like into these, so only control characters
    and their like are refused.
    """
    if not text or len(text) > longest:
        raise InvalidInput.of(field, f"must have 1 to {longest} characters")
    if any(unicodedata.category(character) in FORBIDDEN for character in text):
        raise InvalidInput.of(field, "must not contain control characters")


def check_tags(tags: Mapping[str, str], *, field: str = "tags") -> None:
    """Return if the keys and values may be tags; raises InvalidInput."""
    if len(tags) > MAX_TAGS:
        raise InvalidInput.of(field, f"has more than {MAX_TAGS} items")
    for key, value in tags.items():
        check_label(key, field=f"{field}.{key[:80]}", longest=MAX_KEY)
        check_text(value, field=f"{field}.{key[:80]}", limit=MAX_TAG)
