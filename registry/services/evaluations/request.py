"""Describe an evaluation, take its rows in parts, and hand them to the background."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Required, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from core import tasks
from core.canonical import sha256
from core.errors import Conflict, InvalidInput, TooLarge
from core.journal import publish
from core.references import check_name
from registry import access
from registry.events import EvaluationRequested
from registry.measures.rows import FORMATS
from registry.models import Evaluation, RowsChunk
from registry.permissions import Permission
from registry.queries.evaluations import evaluation_by_uuid
from registry.queries.versions import full_reference, resolve
from registry.services.evaluations.columns import check_columns
from registry.services.evaluations.links import links_of
from registry.services.experiments import recording_user

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion

TASK = "registry.evaluate"
MAX_PARTS = 10_000


class Description(TypedDict, total=False):
    """What is evaluated, on what, and by whom the uploaded scores were given.

    ``evaluators`` are ``{"name", "type", "version"}``, ``metrics`` ``{"name", "evaluator",
    "column"?}``; ``keep_text`` keeps inputs, outputs and references beside the scores.
    """

    workspace: Required[str]
    name: Required[str]
    evaluates: Required[str]
    dataset: Required[str]
    prompt: str
    model: str
    method: str
    evaluators: Sequence[Mapping[str, Any]]
    metrics: Sequence[Mapping[str, str]]
    rows_format: str
    keep_text: bool


def describe(*, actor: Actor, rows: str = "", **description: Unpack[Description]) -> Evaluation:
    """Say what is to be evaluated; with ``rows`` hand these in at once.

    Needs record_run and create_version, and view on the versions. Raises InvalidInput.
    """
    place = access.workspace_by_slug(
        actor, description["workspace"], permission=Permission.RECORD_RUN, field="workspace"
    )
    access.require(actor, Permission.CREATE_VERSION, place)
    user = recording_user(actor)
    check_name(description["name"], field="name")
    rows_format = description.get("rows_format", "jsonl")
    if rows_format not in FORMATS:
        raise InvalidInput.of("rows_format", f"must be one of {', '.join(FORMATS)}")
    evaluators, metrics = check_columns(
        place, description.get("evaluators", ()), description.get("metrics", ())
    )
    with transaction.atomic():
        evaluation = Evaluation.objects.create(
            workspace=place,
            name=description["name"],
            **_versions(actor, description),
            method=description.get("method") or "uploaded rows",
            evaluators=evaluators,
            metrics=metrics,
            keep_text=description.get("keep_text", False),
            rows_format=rows_format,
            created_by=user,
        )
        if rows:
            store_part(actor=actor, evaluation=evaluation.uuid, number=1, body=rows.encode())
            return submit(actor=actor, evaluation=evaluation.uuid)
    return evaluation


def _versions(actor: Actor, description: Description) -> dict[str, AssetVersion | None]:
    told: dict[str, Any] = dict(description)
    found = {
        name: resolve(actor, told[name], field=name) if told.get(name) else None
        for name in ("evaluates", "dataset", "prompt", "model")
    }
    for name in ("evaluates", "dataset"):
        if found[name] is None:
            raise InvalidInput.of(name, "is required")
    for name in ("dataset", "prompt", "model"):
        version = found[name]
        if version is not None and version.asset.kind != name:
            raise InvalidInput.of(name, f"is a {version.asset.kind}, no {name}")
        if name != "dataset" and version is not None and version == found["evaluates"]:
            raise InvalidInput.of(name, "is what is evaluated; leave it out here")
    return found


def store_part(*, actor: Actor, evaluation: UUID, number: int, body: bytes) -> str:
    """Store one part of the rows and return its digest; parts count from 1, in any order.

    The same part may be sent again; Conflict for another under its number, or after the rows
    were submitted. Raises TooLarge beyond MUNIMENT_MAX_EVALUATION_BYTES. Needs record_run.
    """
    found = evaluation_by_uuid(actor, evaluation, permission=Permission.RECORD_RUN)
    if not 1 <= number <= MAX_PARTS:
        raise InvalidInput.of("number", f"must be 1 to {MAX_PARTS}")
    if not body:
        raise InvalidInput("The part is empty.")
    with transaction.atomic():
        _lock_awaiting(found)
        if known := RowsChunk.objects.filter(evaluation=found, number=number).first():
            if bytes(known.body) != body:
                raise Conflict(f"Part {number} is there already, with other content.")
            return sha256(body)
        total = RowsChunk.objects.filter(evaluation=found).aggregate(n=Sum(Length("body")))["n"]
        if (total or 0) + len(body) > settings.MAX_EVALUATION_BYTES:
            raise TooLarge(f"The rows are over {settings.MAX_EVALUATION_BYTES} bytes.")
        RowsChunk.objects.create(evaluation=found, number=number, body=body)
    return sha256(body)


def _lock_awaiting(evaluation: Evaluation) -> None:
    locked = Evaluation.objects.select_for_update(no_key=True).get(pk=evaluation.pk)
    if locked.status != Evaluation.Status.AWAITING_ROWS:
        raise Conflict("The rows were submitted already.", extra={"state": locked.status})


def submit(*, actor: Actor, evaluation: UUID, digest: str = "") -> Evaluation:
    """Say that all parts are there; the result is made in the background.

    With ``digest`` the rows must have it, else InvalidInput. Submitting the same again changes
    nothing. Needs record_run.
    """
    found = evaluation_by_uuid(actor, evaluation, permission=Permission.RECORD_RUN)
    with transaction.atomic():
        locked = Evaluation.objects.select_for_update(no_key=True).get(pk=found.pk)
        if locked.status != Evaluation.Status.AWAITING_ROWS:
            if digest in ("", locked.rows_digest):
                return locked
            raise Conflict("Other rows were submitted already.", extra={"state": locked.status})
        found.rows_digest = _digest_of_parts(found)
        if digest not in ("", found.rows_digest):
            raise InvalidInput.of("digest", f"the rows that arrived have {found.rows_digest}")
        found.status = Evaluation.Status.QUEUED
        found.task = tasks.enqueue(
            TASK,
            {"evaluation": str(found.uuid)},
            requested_by=found.created_by,
            workspace=found.workspace.uuid,
        )
        found.save(update_fields=["rows_digest", "status", "task"])
        _publish_request(found, actor=actor)
    return found


def _digest_of_parts(evaluation: Evaluation) -> str:
    digest, expected = hashlib.sha256(), 1
    chunks = RowsChunk.objects.filter(evaluation=evaluation).order_by("number")
    for number, body in chunks.values_list("number", "body").iterator(chunk_size=8):
        if number != expected:
            break
        digest.update(body)
        expected += 1
    if expected == 1:
        raise InvalidInput("There are no rows yet; part 1 is missing.")
    if chunks.count() != expected - 1:
        raise InvalidInput(f"Part {expected} is missing.")
    return f"sha256:{digest.hexdigest()}"


def _publish_request(evaluation: Evaluation, *, actor: Actor) -> None:
    publish(
        EvaluationRequested(
            subject=f"evaluation/{evaluation.uuid}",
            workspace=evaluation.workspace.uuid,
            digest=evaluation.rows_digest or "",
            evaluation=str(evaluation.uuid),
            evaluates=full_reference(evaluation.evaluates),
            dataset=evaluation.dataset.digest,
            name=evaluation.name,
            links=links_of(evaluation),
        ),
        actor=actor,
        roles=access.roles(actor, evaluation.workspace_id),
    )
