"""Submit a document of any form: each resource in it becomes a snapshot, or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.errors import DomainError, FieldError, InvalidInput
from policies.models import SourceDocument
from policies.normalisers import FORMS, NATIVE, Hints
from policies.services.recording import (
    Address,
    Observation,
    check_address,
    check_provenance,
    checked_digest,
    checked_moment,
    record,
)
from policies.services.submitted import Read, read_bytes, read_document
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.actors import Actor
    from policies.models import Snapshot
    from policies.normalisers import NormalisedResource, Skipped
    from registry.models import Workspace


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What the submitter says beside a document.

    ``source`` is who tells, by default the name of the form; ``type``, ``external_id`` and
    ``module`` help forms that do not say it themselves. ``provenance`` counts for the native form
    alone: the others say it by what they are.
    """

    source: str = ""
    type: str = ""
    external_id: str = ""
    module: str = ""
    provenance: str = ""
    observed_at: datetime | None = None

    @property
    def hints(self) -> Hints:
        """Return what a form may need to know."""
        return Hints(type=self.type, external_id=self.external_id, module=self.module)


@dataclass(frozen=True)
class Refused:
    """A resource of a document that was not recorded, and why."""

    type: str
    external_id: str
    reason: str


@dataclass(frozen=True)
class Submission:
    """What became of a document."""

    source_document: SourceDocument
    snapshots: Sequence[Snapshot]
    notes: Sequence[Sequence[str]]
    refused: Sequence[Refused]
    skipped: Sequence[Skipped]


def submit_document(
    *,
    actor: Actor,
    workspace: str,
    form: str,
    body: bytes | dict[str, Any],
    about: Particulars | None = None,
) -> Submission:
    """Record every resource of a document, JSON or YAML of the form, with the document itself.

    A resource that cannot be recorded is refused with its reason and does not hold up the others;
    where none can, nothing is kept. Secrets are replaced first. Needs submit_configuration.
    Raises InvalidInput or TooLarge.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.SUBMIT_CONFIGURATION, field="workspace"
    )
    told = about or Particulars()
    moment = checked_moment(told.observed_at)
    if told.provenance:
        check_provenance(told.provenance)
    if isinstance(body, bytes):
        read = read_bytes(body, form=form, hints=told.hints)
    else:
        read = read_document(body, form=form, hints=told.hints)
    accepted, refused = _sorted_out(read, form=form, told=told, actor=actor, moment=moment)
    if not accepted:
        raise _nothing_left(read, refused)
    with transaction.atomic():
        source = _stored(read.source)
        snapshots = _recorded(accepted, source, workspace=place, actor=actor)
    notes = [resource.notes for _, resource in accepted]
    return Submission(source, snapshots, notes, refused, read.skipped)


def submit_one(
    *,
    actor: Actor,
    workspace: str,
    form: str,
    document: dict[str, Any],
    about: Particulars | None = None,
) -> Snapshot:
    """Record the one resource of a parsed document; raises InvalidInput where it holds several,
    or what ``submit_document`` raises."""
    with transaction.atomic():
        done = submit_document(
            actor=actor, workspace=workspace, form=form, body=document, about=about
        )
        if len(done.snapshots) + len(done.refused) > 1:
            raise InvalidInput.of("document", "holds several resources; upload it as a file")
    return done.snapshots[0]


def _recorded(
    accepted: Sequence[tuple[Observation, NormalisedResource]],
    source: SourceDocument,
    *,
    workspace: Workspace,
    actor: Actor,
) -> list[Snapshot]:
    return [
        record(_with_source(observation, source), workspace=workspace, actor=actor)
        for observation, _ in accepted
    ]


def _with_source(observation: Observation, source: SourceDocument) -> Observation:
    return Observation(**{**vars(observation), "source_document": source})


def _stored(source: SourceDocument) -> SourceDocument:
    """The document, written once however often it comes."""
    SourceDocument.objects.bulk_create([source], ignore_conflicts=True)
    return source


def _sorted_out(
    read: Read, *, form: str, told: Particulars, actor: Actor, moment: datetime
) -> tuple[list[tuple[Observation, NormalisedResource]], list[Refused]]:
    accepted: list[tuple[Observation, NormalisedResource]] = []
    refused: list[Refused] = []
    seen: set[tuple[str, str]] = set()
    for each in read.resources:
        try:
            if (each.type.casefold(), each.external_id) in seen:
                raise InvalidInput("stands in the document already")
            observation = _observation(each, form=form, told=told, actor=actor, moment=moment)
        except DomainError as error:
            refused.append(Refused(each.type, each.external_id, error.detail))
            continue
        seen.add((each.type.casefold(), each.external_id))
        accepted.append((observation, each))
    return accepted, refused


def _observation(
    resource: NormalisedResource, *, form: str, told: Particulars, actor: Actor, moment: datetime
) -> Observation:
    address = Address(
        source=told.source or form, type=resource.type, external_id=resource.external_id
    )
    check_address(address, actor=actor)
    chosen = told.provenance if form == NATIVE else ""
    return Observation(
        address=address,
        document=resource.configuration,
        digest=checked_digest(resource.configuration),
        provenance=chosen or resource.provenance,
        observed_at=moment,
        form=form,
        fields=resource.fields,
    )


def _nothing_left(read: Read, refused: Sequence[Refused]) -> InvalidInput:
    """The error for a document of which nothing could be recorded."""
    if refused:
        errors = [FieldError(f"{row.type} {row.external_id}"[:200], row.reason) for row in refused]
        return InvalidInput("None of the resources can be recorded.", errors=errors)
    skipped = [FieldError(row.name[:200], row.reason) for row in read.skipped]
    return InvalidInput("The document holds no resource.", errors=skipped)


def forms() -> list[dict[str, str]]:
    """Return the forms that are taken: name, title, and the provenance that each implies."""
    return [
        {"name": form.name, "title": form.title, "provenance": form.provenance}
        for form in FORMS.values()
    ]
