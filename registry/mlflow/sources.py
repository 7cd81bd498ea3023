"""What the source of a model version may be, and what it means to us."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.conf import settings

from core.errors import InvalidInput
from core.references import SCHEME, parse
from registry.mlflow import entities
from registry.queries import flat_rows
from registry.queries.versions import resolve

if TYPE_CHECKING:
    from registry.mlflow.doors import WorkspaceCall

MAX_SOURCE = 2_000
OURS = "muniment"
MODEL_URI = re.compile(r"models:/(?P<name>[^/@]+)(?:/(?P<number>[0-9]{1,9})|@(?P<alias>[^/@]+))\Z")
LOGGED_MODEL_URI = re.compile(r"models:/(?P<model_id>m-[^/@]+)(?:/.*)?\Z")
PROXIED = "/api/2.0/mlflow-artifacts/artifacts/"


@dataclass(frozen=True)
class Source:
    """``text`` is what the client gave; ``link`` the reference of the version that it is a copy
    of, if any; ``download_uri`` where the bytes are."""

    text: str
    download_uri: str
    link: str = ""


def checked_source(call: WorkspaceCall, source: str, *, run_id: str, model_id: str) -> Source:
    """Return the source if a version may have it; raises InvalidInput.

    A version of this registry may be named as ``models:/name/1``, ``models:/name@alias``, or by
    our references from any workspace that the caller may read; the new version is linked to it.
    Nothing here reads a source, so a local path, which names a file of some machine, is refused.
    """
    if len(source) > MAX_SOURCE:
        raise InvalidInput.of("source", f"is longer than {MAX_SOURCE} characters")
    if match := MODEL_URI.match(source):
        return _of_workspace(call, source, match)
    if source.startswith(SCHEME):
        return _of_reference(call, source)
    _check_address(source, run_id=run_id, model_id=model_id)
    return Source(source, source)


def _check_address(source: str, *, run_id: str, model_id: str) -> None:
    """Return if an address that is not of this registry may be a source; raises InvalidInput."""
    scheme = _scheme(source)
    if not scheme or scheme == "file":
        raise _invalid(source, "a local path means nothing to others; use an address of a store")
    if ".." in _parts(source):
        raise _invalid(source, "it must not contain ..")
    named = {part for part in (run_id, model_id) if part}
    if scheme == "models" and _logged_model(source) != model_id:
        raise _invalid(source, "the model_id request parameter has to be that of the source")
    if scheme == "runs" and [run_id] != _parts(source)[:1]:
        raise _invalid(source, "the run_id request parameter has to be that of the source")
    if _is_proxied(source, scheme) and not named & set(_parts(source)):
        raise _invalid(source, "it has to lie in the artifacts of the run or model that is named")


def _of_workspace(call: WorkspaceCall, source: str, match: re.Match[str]) -> Source:
    place, name = call.place, match["name"]
    if match["number"]:
        row = flat_rows.version_by_number(place.pk, name, int(match["number"]))
    else:
        row = flat_rows.version_by_alias(place.pk, name, match["alias"])
    if row is None or row.kind != "model":
        raise _invalid(source, "there is no such model version in this workspace")
    link = f"{place.slug}/{row.kind}/{row.name}/{row.number}"
    return Source(source, entities.download_uri(row, workspace=place.slug), link)


def _of_reference(call: WorkspaceCall, source: str) -> Source:
    reference = parse(source, instance=settings.INSTANCE, field="source")
    version = resolve(call.actor, source, field="source")
    if reference.kind != "model":
        raise _invalid(source, "it is no model")
    row = flat_rows.versions_by_id([version.pk])[version.pk]
    uri = entities.download_uri(row, workspace=reference.workspace)
    return Source(source, uri, str(reference.at(version.number)))


def _logged_model(source: str) -> str | None:
    match = LOGGED_MODEL_URI.match(source)
    return match["model_id"] if match else None


def _scheme(source: str) -> str:
    """Return the scheme of a source; one letter is a drive of Windows."""
    scheme = urlsplit(source).scheme.lower()
    return scheme if len(scheme) > 1 else ""


def _parts(source: str) -> list[str]:
    """Return the parts of the path, unquoted until nothing is left to unquote."""
    path = urlsplit(source).path
    while (plain := unquote(path)) != path:
        path = plain
    return [part for part in re.split(r"[/\\]", path) if part]


def _is_proxied(source: str, scheme: str) -> bool:
    """Tell whether the source lies with a tracking server, which knows whose it is."""
    return scheme == "mlflow-artifacts" or (scheme in {"http", "https"} and PROXIED in source)


def _invalid(source: str, reason: str) -> InvalidInput:
    return InvalidInput(f"Invalid model version source: '{source[:200]}': {reason}.")
