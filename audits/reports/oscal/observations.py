"""What was looked at and what was seen: inventory items and observations. Plain Python.

Passes of a policy are one observation, with all their subjects where the report lists them; what
else was found has its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from audits.reports.coverage import QUIET
from audits.reports.oscal.observed import is_risk, reasons, risk_uid, subject_uid, uid_of
from audits.reports.oscal.parts import Part, document_uid, line, prop, props, token, uid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.reports.assessment import Assessment, PolicyReport, Result


def inventory(assessment: Assessment) -> Iterator[Part]:
    """Return every subject that was judged, once."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for policy in assessment.policies:
        for result in policy.results:
            key = result.workspace, result.subject
            if key not in found:
                found[key] = subject_uid(result), result.subject_kind
    for (workspace, subject), (identifier, kind) in sorted(found.items(), key=lambda each: each[1]):
        yield {
            "uuid": identifier,
            "description": line(subject),
            "props": props(workspace=workspace, kind=kind),
        }


def risky(assessment: Assessment, *, tool: str) -> Iterator[Part]:
    """Return the observations of what stands for a risk; ``tool`` as in `observations`."""
    for policy in assessment.policies:
        for result in policy.results:
            if is_risk(result):
                yield _observation(assessment, policy, [result], uid_of(result), tool=tool)


def observations(assessment: Assessment, *, tool: str) -> Iterator[Part]:
    """Return what was seen; ``tool`` is the identifier of the component that looked."""
    for policy in assessment.policies:
        passed: dict[str, list[Result]] = {}
        for result in assessment.listed(policy):
            if result.state in QUIET:
                passed.setdefault(result.state, []).append(result)
            else:
                yield _observation(assessment, policy, [result], uid_of(result), tool=tool)
        for state, results in sorted(passed.items()):
            identifier = quiet_uid(assessment, policy, state)
            yield _observation(assessment, policy, results, identifier, tool=tool)
        if assessment.unlisted(policy):
            for state in _quiet_states(policy):
                yield _counted(assessment, policy, state, tool=tool)


def quiet_uid(assessment: Assessment, policy: PolicyReport, state: str) -> str:
    """Return the identifier of the observation of all results of a policy in a quiet state."""
    if assessment.passes == "counted":
        return uid("counted", document_uid(assessment, "result"), policy.digest, state)
    decisions = sorted(each.evidence.decision for each in policy.results if each.state == state)
    return uid("observations", policy.digest, state, *decisions)


def _quiet_states(policy: PolicyReport) -> list[str]:
    return sorted(state for state in QUIET if policy.coverage.by_state[state])


@dataclass(frozen=True)
class Named:
    """The identifiers of a policy's observations, and of the risks among them, sixteen bytes each:
    as texts those of a large report would fill the memory."""

    observations: bytes
    risks: bytes


def named(assessment: Assessment) -> dict[str, Named]:
    """Return the identifiers of each policy, by ``name/version``."""
    found = {}
    for policy in assessment.policies:
        loud, risks = bytearray(), bytearray()
        for result in policy.results:
            if result.state not in QUIET:
                loud += UUID(uid_of(result)).bytes
            if is_risk(result):
                risks += UUID(risk_uid(result)).bytes
        for state in _quiet_states(policy):
            loud += UUID(quiet_uid(assessment, policy, state)).bytes
        found[f"{policy.name}/{policy.version}"] = Named(bytes(loud), bytes(risks))
    return found


def uids(packed: bytes) -> Iterator[str]:
    """Return the identifiers that were put together so."""
    return (str(UUID(bytes=packed[at : at + 16])) for at in range(0, len(packed), 16))


def _observation(
    assessment: Assessment,
    policy: PolicyReport,
    results: list[Result],
    identifier: str,
    *,
    tool: str,
) -> Part:
    first = results[0]
    return {
        "uuid": identifier,
        "title": line(policy.title),
        "description": _told(policy, results),
        "props": props(
            policy=f"{policy.name}/{policy.version}",
            policy_digest=policy.digest,
            state=first.state,
            underlying=first.underlying,
            engine=first.evidence.engine or "none",
        ),
        "methods": ["TEST"],
        "types": ["control-objective"],
        "origins": [{"actors": [{"type": "tool", "actor-uuid": tool}]}],
        "subjects": [
            {"subject-uuid": each, "type": "inventory-item"}
            for each in sorted({subject_uid(result) for result in results})
        ],
        "relevant-evidence": [_evidence(result) for result in results],
        "collected": assessment.scan.as_of,
    }


def _counted(assessment: Assessment, policy: PolicyReport, state: str, *, tool: str) -> Part:
    """The results of a large population that nobody has to look at: how many there are where."""
    scan, words = assessment.scan, state.replace("_", " ")
    counts = [(each.workspace, each.by_state.get(state, 0)) for each in policy.workspaces]
    name = f"{policy.name}/{policy.version}"
    return {
        "uuid": quiet_uid(assessment, policy, state),
        "title": line(policy.title),
        "description": line(f"{name}: {words} for {policy.coverage.by_state[state]} subject(s)"),
        "props": [
            *props(policy=name, policy_digest=policy.digest, state=state),
            *(
                prop("results", count, **{"class": token(workspace)})
                for workspace, count in counts
                if count
            ),
        ],
        "methods": ["TEST"],
        "types": ["control-objective"],
        "origins": [{"actors": [{"type": "tool", "actor-uuid": tool}]}],
        "relevant-evidence": [
            {
                "href": f"urn:uuid:{scan.uuid}",
                "description": line(
                    "The scan, whose results name each decision: in the CSV form of this report"
                    " and in evidence packs"
                ),
                "props": props(digest=scan.digest),
            }
        ],
        "collected": scan.as_of,
    }


def _told(policy: PolicyReport, results: list[Result]) -> str:
    state = results[0].state.replace("_", " ")
    if len(results) > 1 or not results[0].reasons:
        return line(f"{policy.name}/{policy.version}: {state} for {len(results)} subject(s)")
    return line(f"{state}: {reasons(results[0])}")


def _evidence(result: Result) -> Part:
    evidence = result.evidence
    return {
        "href": f"urn:uuid:{evidence.decision}",
        "description": line(f"The decision on {result.subject}, which replays from its bytes"),
        "props": props(
            input_digest=evidence.input_digest,
            bundle_digest=evidence.bundle_digest,
            snapshot_digest=evidence.snapshot_digest,
            provenance=evidence.provenance,
            observed_at=evidence.observed_at,
            evaluated_at=evidence.evaluated_at,
        ),
    }
