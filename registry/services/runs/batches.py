"""Log what a run reports: a batch is stored whole or not at all, with one journal entry."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from core.canonical import MAX_INTEGER, canonical_digest
from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.texts import check_text
from registry import access
from registry.events import RunBatchLogged
from registry.models import RunInput, RunOutput, RunParam, RunTag
from registry.queries.versions import reference_of, resolve
from registry.services.experiments import check_label, check_tags
from registry.services.runs.locking import locked_run, recordable_run
from registry.services.runs.metrics import write_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion, Run

MAX_METRICS = 1_000
MAX_PARAMS = 100
MAX_PARAM = 6_000
MAX_KEY = 250
MAX_DATASETS = 100
MAX_STEP = 2**63 - 1
# The texts of an input, and how long they may be: a profile counts every column of the data.
MAX_INPUT = {
    "name": 500,
    "digest": 200,
    "context": 250,
    "source_type": 50,
    "source": 65_535,
    "schema": 1_000_000,
    "profile": 1_000_000,
}


class Batch(TypedDict, total=False):
    """What a run reports at once.

    ``metrics`` are ``{"key", "value", "step"?, "timestamp"?}`` with times in milliseconds since
    1970; ``inputs`` are ``{"version": reference}`` or ``{"name", "digest"}`` with ``context``,
    ``source_type``, ``source``, ``schema``, ``profile`` and ``tags`` where known; ``outputs``
    references.
    """

    metrics: Sequence[Mapping[str, Any]]
    params: Mapping[str, str]
    tags: Mapping[str, str]
    inputs: Sequence[Mapping[str, Any]]
    outputs: Sequence[str]


@dataclass(frozen=True)
class _Checked:
    metrics: list[dict[str, Any]]
    params: dict[str, str]
    tags: dict[str, str]
    inputs: list[RunInput]
    outputs: list[AssetVersion]

    def digest(self) -> str:
        return canonical_digest(
            {
                "metrics": [[repr(value) for value in item.values()] for item in self.metrics],
                "params": self.params,
                "tags": self.tags,
                "inputs": [[item.name, item.digest, item.context] for item in self.inputs],
                "outputs": [str(reference_of(version)) for version in self.outputs],
            }
        )


def log_batch(*, actor: Actor, run: UUID, **batch: Unpack[Batch]) -> Run:
    """Log metrics, params, tags, inputs and outputs of a run.

    Logging the same again changes nothing. Needs record_run, and view on the versions named.
    Raises Conflict for a deleted run or a param that has another value already.
    """
    found = recordable_run(actor, run)
    workspace = found.experiment.workspace
    checked = _check(actor, found, batch)
    with transaction.atomic():
        locked_run(found)
        write_metrics(found, checked.metrics)
        _write_params(found, checked.params)
        _write_tags(found, checked.tags)
        RunInput.objects.bulk_create(checked.inputs, ignore_conflicts=True)
        RunOutput.objects.bulk_create(
            [RunOutput(run=found, version=version) for version in checked.outputs],
            ignore_conflicts=True,
        )
        publish(
            RunBatchLogged(
                subject=f"run/{found.uuid}",
                workspace=workspace.uuid,
                digest=checked.digest(),
                run=str(found.uuid),
                metrics=len(checked.metrics),
                params=len(checked.params),
                tags=len(checked.tags),
                inputs=len(checked.inputs),
                outputs=len(checked.outputs),
            ),
            actor=actor,
            roles=access.roles(actor, workspace.pk),
        )
    return found


def _check(actor: Actor, run: Run, batch: Batch) -> _Checked:
    metrics, params, tags = batch.get("metrics", ()), batch.get("params", {}), batch.get("tags", {})
    if len(metrics) > MAX_METRICS:
        raise InvalidInput.of("metrics", f"has more than {MAX_METRICS} items")
    for name in ("inputs", "outputs"):
        if len(batch.get(name, ())) > MAX_DATASETS:  # type: ignore[arg-type]  # both are sequences
            raise InvalidInput.of(name, f"has more than {MAX_DATASETS} items")
    check_params(params)
    check_tags(tags)
    now = int(timezone.now().timestamp() * 1000)
    return _Checked(
        metrics=list(_metrics(metrics, now=now)),
        params=dict(params),
        tags=dict(tags),
        inputs=[
            _input(actor, run, item, field=f"inputs[{index}]")
            for index, item in enumerate(batch.get("inputs", ()))
        ],
        outputs=[
            resolve(actor, reference, field=f"outputs[{index}]")
            for index, reference in enumerate(batch.get("outputs", ()))
        ],
    )


def _metrics(metrics: Sequence[Mapping[str, Any]], *, now: int) -> Iterator[dict[str, Any]]:
    for index, metric in enumerate(metrics):
        field = f"metrics[{index}]"
        check_label(metric["key"], field=f"{field}.key", longest=MAX_KEY)
        step, timestamp = metric.get("step") or 0, metric.get("timestamp")
        timestamp = now if timestamp is None else timestamp
        if not -MAX_STEP <= step <= MAX_STEP:
            raise InvalidInput.of(f"{field}.step", "is beyond 64 bits")
        if not 0 <= timestamp <= MAX_INTEGER:
            raise InvalidInput.of(f"{field}.timestamp", f"must be 0 to {MAX_INTEGER} milliseconds")
        value = float(metric["value"])
        is_nan = math.isnan(value)
        yield {
            "key": metric["key"],
            "step": step,
            "timestamp": timestamp,
            "value": 0.0 if is_nan else value,
            "is_nan": is_nan,
        }


def check_params(params: Mapping[str, str]) -> None:
    """Return if the keys and values may be params; raises InvalidInput."""
    if len(params) > MAX_PARAMS:
        raise InvalidInput.of("params", f"has more than {MAX_PARAMS} items")
    for key, value in params.items():
        check_label(key, field=f"params.{key[:80]}", longest=MAX_KEY)
        check_text(value, field=f"params.{key[:80]}", limit=MAX_PARAM)


def _input(actor: Actor, run: Run, item: Mapping[str, Any], *, field: str) -> RunInput:
    told = {
        name: check_text(item.get(name) or "", field=f"{field}.{name}", limit=limit)
        for name, limit in MAX_INPUT.items()
    }
    tags = dict(item.get("tags") or {})
    check_tags(tags, field=f"{field}.tags")
    if reference := item.get("version"):
        version = resolve(actor, reference, field=f"{field}.version")
        name, digest = version.asset.name, version.digest
        told |= {"name": name, "digest": digest}
        return RunInput(run=run, version=version, tags=tags, **told)
    if not told["name"] or not told["digest"]:
        raise InvalidInput.of(field, "needs either a version, or name and digest")
    return RunInput(run=run, tags=tags, **told)


def _write_params(run: Run, params: Mapping[str, str]) -> None:
    known = dict(RunParam.objects.filter(run=run, key__in=params).values_list("key", "value"))
    for key, value in params.items():
        if known.get(key, value) != value:
            raise Conflict(
                f"The param {key!r} of this run is {known[key][:200]!r} and never changes.",
                extra={"param": key},
            )
    RunParam.objects.bulk_create(
        RunParam(run=run, key=key, value=value) for key, value in params.items() if key not in known
    )


def _write_tags(run: Run, tags: Mapping[str, str]) -> None:
    if tags:
        RunTag.objects.bulk_create(
            [RunTag(run=run, key=key, value=value) for key, value in tags.items()],
            update_conflicts=True,
            unique_fields=["run", "key"],
            update_fields=["value"],
        )
