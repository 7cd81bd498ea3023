"""What the database holds for and against controls, in some workspaces at some time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils import timezone

from audits.frameworks.records import record_table
from audits.frameworks.standing import Attested, Recorded, Stated, Support
from audits.models import (
    ControlMapping,
    ControlStatement,
    Finding,
    Risk,
    RiskLink,
    ScanResult,
)
from audits.queries.record_times import newest_records
from core.models import User
from policies.models import Effect, PolicyVersion
from policies.packs.coverage import MANUAL_KIND
from policies.queries.assignments import Rule, rules_by_workspace
from registry import access
from registry.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from core.actors import Actor


@dataclass(frozen=True)
class Scanned:
    """The newest complete scan of a workspace; None where it was never scanned."""

    workspace: str
    scan: str | None
    as_of: datetime | None


@dataclass(frozen=True)
class ControlEvidence:
    """Everything, by the reference of the control that it is about."""

    supports: Mapping[str, Sequence[Support]]
    attested: Mapping[str, Sequence[Attested]]
    stated: Mapping[str, Sequence[Stated]]
    recorded: Mapping[str, Sequence[Recorded]]
    results: Mapping[str, Mapping[str, int]]
    findings: Mapping[str, int] | None
    risks: Mapping[str, int] | None
    scans: tuple[Scanned, ...]


def gather(
    actor: Actor, places: Sequence[Workspace], *, at: datetime | None, is_whole: bool
) -> ControlEvidence:
    """Return what is known about controls in ``places`` at ``at``, or now.

    ``is_whole``: the places are all that the actor sees, so that what is of the whole
    organisation counts too where it is about risks. A constant number of queries.
    """
    moment = at or timezone.now()
    mapped = _mapped(moment)
    rules = rules_by_workspace(places, at=at) if places else {}
    known = newest_records(places, at=moment)
    results = _results(known)
    findings = _findings(places) if at is None else None
    controls = _controls_of({*results, *(findings or {})}, mapped)
    scans = _scans(known)
    return ControlEvidence(
        supports=_supports(rules, places, mapped),
        attested=_attested(rules, places, mapped),
        stated=_stated(actor, places, moment),
        recorded=_recorded(known),
        results=_by_control(results, controls),
        findings=None if findings is None else _summed(findings, controls),
        risks=_risks(actor, places, is_whole=is_whole) if at is None else None,
        scans=scans,
    )


def _mapped(moment: datetime) -> dict[int, set[str]]:
    """Return the controls that were mapped to each policy, by its id."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = ControlMapping.objects.as_of(moment).values_list("policy_id", "framework", "control")
    for policy, framework, control in rows:
        found[policy].add(f"{framework}/{control}")
    return found


def _named(version: PolicyVersion, mapped: Mapping[int, set[str]]) -> dict[str, bool]:
    """Return the controls of a policy version, and of each whether only a mapping says so."""
    own = dict.fromkeys(version.metadata["controls"], False)
    return {**dict.fromkeys(mapped.get(version.policy_id, ()), True), **own}


def _supports(
    rules: Mapping[int, Sequence[Rule]],
    places: Sequence[Workspace],
    mapped: Mapping[int, set[str]],
) -> dict[str, list[Support]]:
    held: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    versions: dict[int, PolicyVersion] = {}
    for place in sorted(places, key=lambda each: each.slug):
        for rule in rules[place.pk]:
            version = versions.setdefault(rule.policy_version.pk, rule.policy_version)
            for control in _named(version, mapped):
                slugs = held[control, version.pk, rule.effect.value]
                if place.slug not in slugs:
                    slugs.append(place.slug)
    found: dict[str, list[Support]] = defaultdict(list)
    for (control, key, effect), slugs in held.items():
        version = versions[key]
        kinds = version.metadata["input_kinds"]
        found[control].append(
            Support(
                policy=version.reference,
                title=version.title,
                effect=effect,
                is_manual=effect == Effect.MANUAL,
                is_record=all(kind.startswith(MANUAL_KIND) for kind in kinds),
                is_mapped=_named(version, mapped)[control],
                workspaces=tuple(slugs),
            )
        )
    return {
        key: sorted(each, key=lambda one: (one.policy, one.effect)) for key, each in found.items()
    }


def _attested(
    rules: Mapping[int, Sequence[Rule]],
    places: Sequence[Workspace],
    mapped: Mapping[int, set[str]],
) -> dict[str, list[Attested]]:
    told = [
        (place.slug, rule, row)
        for place in places
        for rule in rules[place.pk]
        for row in rule.attestations
    ]
    people = User.objects.in_bulk(
        {pk for _, _, row in told for pk in (row.owner_id, row.attested_by_id)}
    )
    found: dict[str, list[Attested]] = defaultdict(list)
    for slug, rule, row in told:
        said = Attested(
            uuid=str(row.uuid),
            policy=rule.policy_version.reference,
            workspace=slug,
            state=row.state,
            attested_by=people[row.attested_by_id].username,
            owner=people[row.owner_id].username,
            expires_at=row.expires_at,
        )
        for control in _named(rule.policy_version, mapped):
            found[control].append(said)
    return found


def _stated(actor: Actor, places: Sequence[Workspace], moment: datetime) -> dict[str, list[Stated]]:
    rows = (
        ControlStatement.objects.as_of(moment)
        .filter(
            Q(workspace__isnull=True) | Q(workspace__in=[place.pk for place in places]),
            expires_at__gt=moment,
        )
        .select_related("workspace", "owner", "stated_by")
        .order_by("id")
    )
    found: dict[str, list[Stated]] = defaultdict(list)
    for row in rows:
        found[row.reference].append(
            Stated(
                uuid=str(row.uuid),
                workspace=row.workspace.slug if row.workspace else None,
                state=row.state,
                text=row.text,
                evidence_uri=row.evidence_uri,
                owner=row.owner.username,
                stated_by=row.stated_by.username,
                expires_at=row.expires_at,
            )
        )
    return found


def _recorded(known: Sequence[Any]) -> dict[str, list[Recorded]]:
    table = record_table()
    newest = {
        kind: max(filter(None, (getattr(row, f"newest_{kind}") for row in known)), default=None)
        for kind in table.reasons
    }
    return {
        control: [Recorded(kind, table.reasons[kind], newest[kind]) for kind in kinds]
        for control, kinds in table.controls.items()
    }


def _scans(known: Sequence[Any]) -> tuple[Scanned, ...]:
    return tuple(
        Scanned(
            workspace=row.slug,
            scan=str(row.scan_uuid) if row.scan_uuid else None,
            as_of=row.newest_scans,
        )
        for row in sorted(known, key=lambda each: each.slug)
    )


def _results(known: Sequence[Any]) -> dict[int, Counter[str]]:
    """Return of each policy version how many results of each state its newest scans have."""
    by_scan: dict[int, list[int]] = defaultdict(list)
    for row in known:
        if row.scan_id is not None:
            by_scan[row.scan_id].append(row.pk)
    if not by_scan:
        return {}
    wanted = Q()
    for scan, places in by_scan.items():
        wanted |= Q(scan=scan, workspace__in=places)
    counted = (
        ScanResult.objects.filter(wanted)
        .values_list("policy_version", "state")
        .annotate(many=Count("id"))
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for version, state, many in counted:
        found[version][state] += many
    return found


def _findings(places: Sequence[Workspace]) -> dict[int, int]:
    """Return how many findings of each policy version are open now."""
    rows = (
        Finding.objects.filter(
            workspace__in=[place.pk for place in places],
            state=Finding.State.OPEN,
            origin=Finding.Origin.POLICY,
        )
        .values_list("latest_result__policy_version")
        .annotate(many=Count("id"))
    )
    return {version: many for version, many in rows if version is not None}


def _controls_of(
    versions: Iterable[int], mapped: Mapping[int, set[str]]
) -> dict[int, frozenset[str]]:
    rows = PolicyVersion.objects.filter(pk__in=set(versions)).only("policy", "metadata")
    return {row.pk: frozenset(_named(row, mapped)) for row in rows}


def _by_control(
    results: Mapping[int, Counter[str]], controls: Mapping[int, frozenset[str]]
) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for version, states in results.items():
        for control in controls[version]:
            found[control].update(states)
    return found


def _summed(counts: Mapping[int, int], controls: Mapping[int, frozenset[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for version, many in counts.items():
        for control in controls[version]:
            found[control] += many
    return found


def _risks(actor: Actor, places: Sequence[Workspace], *, is_whole: bool) -> Counter[str]:
    """Return how many risks that are not closed each control is linked to."""
    here = Q(risk__workspace__in=[place.pk for place in places])
    if is_whole and access.administers_organisation(actor):
        here |= Q(risk__workspace__isnull=True)
    rows = (
        RiskLink.objects.filter(here, valid_to__isnull=True)
        .exclude(control="")
        .exclude(risk__current__state=Risk.State.CLOSED)
        .values_list("framework", "control")
        .annotate(many=Count("risk", distinct=True))
    )
    return Counter({f"{framework}/{control}": many for framework, control, many in rows})
