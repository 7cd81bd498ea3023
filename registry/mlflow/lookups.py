"""Find what a request names, or answer that it is not there as MLflow does."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.errors import Conflict, Gone, NotFound
from registry.mlflow.entities import latest_ids, model_entity, version_entity
from registry.mlflow.wire import WireError, existing, missing
from registry.queries import flat_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any
    from uuid import UUID

    from registry.mlflow.doors import WorkspaceCall
    from registry.queries.flat_rows import ModelRow, VersionRow


def no_model(name: str) -> WireError:
    """Return the failure for a model or prompt that is not there."""
    return missing(f"Registered Model with name={name[:250]} not found")


def no_version(name: str, number: int) -> WireError:
    """Return the failure for a version that is not there."""
    return missing(f"Model Version (name={name[:250]}, version={number}) not found")


def model_row(call: WorkspaceCall, name: str) -> ModelRow:
    """Return the model or prompt of that name, current or former."""
    row = flat_rows.model_by_name(call.place.pk, name)
    if row is None:
        current = flat_rows.current_name(call.place.pk, name)
        row = flat_rows.model_by_name(call.place.pk, current) if current != name else None
    if row is None:
        raise no_model(name)
    return row


def version_row(call: WorkspaceCall, name: str, number: int) -> VersionRow:
    """Return the version of that name, current or former, and number."""
    row = flat_rows.version_by_number(call.place.pk, name, number)
    if row is None:
        current = flat_rows.current_name(call.place.pk, name)
        if current != name:
            row = flat_rows.version_by_number(call.place.pk, current, number)
    if row is None:
        raise no_version(name, number)
    return row


def model_uuid(call: WorkspaceCall, name: str) -> tuple[UUID, str]:
    """Return id and kind of the model or prompt of that name, for a service."""
    found = flat_rows.find_model(call.place.pk, name)
    if found is None:
        raise no_model(name)
    return found


def version_uuid(call: WorkspaceCall, name: str, number: int) -> UUID:
    """Return the id of a version, for a service."""
    found = flat_rows.find_version(call.place.pk, name, number)
    if found is None:
        raise no_version(name, number)
    return found


def shown_model(call: WorkspaceCall, name: str) -> dict[str, Any]:
    """Return the entity of a model or prompt."""
    return {"registered_model": whole_models(call, [model_row(call, name)])[0]}


def shown_version(call: WorkspaceCall, name: str, number: int) -> dict[str, Any]:
    """Return the entity of a version."""
    row = version_row(call, name, number)
    return {"model_version": version_entity(row, workspace=call.place.slug)}


def whole_models(call: WorkspaceCall, rows: list[ModelRow]) -> list[dict[str, Any]]:
    """Return the entities of models, each with its latest versions, in one more statement."""
    versions = flat_rows.versions_by_id(latest_ids(rows))
    return [model_entity(row, versions, workspace=call.place.slug) for row in rows]


@contextmanager
def worded(*, absent: WireError | None = None, taken: str = "") -> Iterator[None]:
    """Say what a service refuses in the words that clients look for."""
    try:
        yield
    except (NotFound, Gone) as error:
        if absent is None:
            raise
        absent.denial = error.denial
        raise absent from error
    except Conflict as error:
        if not taken:
            raise
        raise existing(f"{taken} {error.detail}", cause=error) from error


@contextmanager
def tolerating_absence() -> Iterator[None]:
    """Let pass that what was to be removed is not there: clients remove what may be absent."""
    try:
        yield
    except NotFound as error:
        if error.denial is not None:
            raise
