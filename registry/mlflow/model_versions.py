"""The routes of model versions, which are versions of our models and prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from registry.mlflow import entities, prompts
from registry.mlflow.lookups import (
    model_row,
    model_uuid,
    no_version,
    shown_version,
    tolerating_absence,
    version_row,
    version_uuid,
    worded,
)
from registry.mlflow.sources import checked_source
from registry.queries import flat_rows
from registry.services import deletion, descriptions, stages, tags, versions

if TYPE_CHECKING:
    from registry.mlflow.doors import WorkspaceCall

# The protocol tells neither; a licence that nobody asserted is SPDX's NOASSERTION.
UNSPECIFIED = "unspecified"
NO_LICENCE = "NOASSERTION"


def create(call: WorkspaceCall) -> dict[str, Any]:
    """Register a version of a model or prompt that exists."""
    name = call.arguments.text("name", is_required=True)
    source = call.arguments.text("source", is_required=True)
    _, kind = model_uuid(call, name)
    draft = _prompt_draft(call, source) if kind == "prompt" else _model_draft(call, source)
    registered = versions.register(
        actor=call.actor,
        workspace=call.place.slug,
        kind=kind,
        name=name,
        version_description=call.arguments.text("description"),
        reason=call.reason,
        **draft,
    )
    row = flat_rows.versions_by_id([registered.version.pk])[registered.version.pk]
    return {"model_version": entities.version_entity(row, workspace=call.place.slug)}


def _model_draft(call: WorkspaceCall, text: str) -> Any:
    given = call.arguments.tags()
    if prompts.is_prompt(given):
        raise InvalidInput.of("tags", "the version of a model cannot be a prompt")
    run_id, model_id = call.arguments.text("run_id"), call.arguments.text("model_id")
    source = checked_source(call, text, run_id=run_id, model_id=model_id)
    where = {"type": "uri", "uri": source.download_uri, "provider": UNSPECIFIED}
    return {
        "spec": {"source": where, "task": UNSPECIFIED, "license": NO_LICENCE},
        "links": [{"role": "derived_from", "to": source.link}] if source.link else [],
        "tags": given,
        "origin": {
            "source": source.text,
            "download_uri": source.download_uri,
            "run_id": run_id,
            "run_link": call.arguments.text("run_link"),
            "model_id": model_id,
        },
    }


def _prompt_draft(call: WorkspaceCall, source: str) -> Any:
    if source not in prompts.PLACEHOLDERS:
        raise InvalidInput(
            f"Invalid prompt source: '{source[:200]}'. Prompt sources must use an MLflow "
            f"placeholder: {' or '.join(sorted(prompts.PLACEHOLDERS))}."
        )
    given = call.arguments.tags()
    kept = {key: value for key, value in given.items() if key not in prompts.CONTENT}
    origin = {"source": source, "download_uri": source, "run_id": call.arguments.text("run_id")}
    return {"spec": prompts.spec_of(given), "tags": kept, "origin": origin}


def get(call: WorkspaceCall) -> dict[str, Any]:
    """Show a version."""
    name = call.arguments.text("name", is_required=True)
    return shown_version(call, name, call.arguments.version())


def update(call: WorkspaceCall) -> dict[str, Any]:
    """Give a version another description."""
    name, number = _named(call)
    description = call.arguments.text("description")
    uuid = version_uuid(call, name, number)
    with worded(absent=no_version(name, number)):
        descriptions.describe_version(
            actor=call.actor, version=uuid, description=description, reason=call.reason
        )
    return shown_version(call, name, number)


def delete(call: WorkspaceCall) -> dict[str, Any]:
    """Delete a version by the workspace's delete rule; its number is never given again."""
    name, number = _named(call)
    uuid = version_uuid(call, name, number)
    with worded(absent=no_version(name, number)):
        deletion.delete_version(actor=call.actor, version=uuid, reason=call.reason_in_any_case)
    return {}


def transition_stage(call: WorkspaceCall) -> dict[str, Any]:
    """Bring a version into a stage: see ``services.stages``."""
    name, number = _named(call)
    stage = call.arguments.text("stage", is_required=True)
    if stage.lower() not in stages.STAGES:
        known = ", ".join(entities.STAGES)
        raise InvalidInput(
            f"Invalid Model Version stage: {stage[:80]}. Value must be one of {known}."
        )
    uuid = version_uuid(call, name, number)
    with worded(absent=no_version(name, number)):
        stages.transition(
            actor=call.actor,
            version=uuid,
            stage=stage.lower(),
            is_archiving=call.arguments.flag("archive_existing_versions"),
            reason=call.reason_in_any_case,
        )
    return shown_version(call, name, number)


def download_uri(call: WorkspaceCall) -> dict[str, Any]:
    """Show where the bytes of a version are."""
    name, number = _named(call)
    row = version_row(call, name, number)
    return {"artifact_uri": entities.download_uri(row, workspace=call.place.slug)}


def set_tag(call: WorkspaceCall) -> dict[str, Any]:
    """Give a tag of a version a value."""
    name, number = _named(call)
    key, value = call.arguments.tag_key(), call.arguments.text("value")
    row = version_row(call, name, number)
    prompts.require_no_content(row.kind, key)
    with worded(absent=no_version(name, number)):
        tags.set_version_tag(
            actor=call.actor, version=row.uuid, key=key, value=value, reason=call.reason
        )
    return {}


def delete_tag(call: WorkspaceCall) -> dict[str, Any]:
    """Remove a tag of a version; one that is not there is no failure."""
    name, number = _named(call)
    key = call.arguments.tag_key()
    row = version_row(call, name, number)
    prompts.require_no_content(row.kind, key)
    with tolerating_absence():
        tags.remove_version_tag(actor=call.actor, version=row.uuid, key=key, reason=call.reason)
    return {}


def latest(call: WorkspaceCall) -> dict[str, Any]:
    """Show the newest version of each stage, or of the stages that are asked for."""
    name = call.arguments.text("name", is_required=True)
    wanted = {stage.lower() for stage in call.arguments.texts("stages")} or set(stages.STAGES)
    if unknown := sorted(wanted - set(stages.STAGES)):
        known = ", ".join(entities.STAGES)
        raise InvalidInput(
            f"Invalid Model Version stage: {unknown[0][:80]}. Value must be one of {known}."
        )
    model = model_row(call, name)
    rows = flat_rows.versions_by_id(flat_rows.newest_by_stage(model.pk, wanted))
    shown = [entities.version_entity(row, workspace=call.place.slug) for row in rows.values()]
    return {"model_versions": shown}


def _named(call: WorkspaceCall) -> tuple[str, int]:
    return call.arguments.text("name", is_required=True), call.arguments.version()
