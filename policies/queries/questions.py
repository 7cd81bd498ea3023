"""Questions: one rule, one document. Whoever asks builds them here and has them answered by
`policies.services.evaluation`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policies.documents import (
    CONFIGURATION_SCHEMA,
    configuration_document,
    place,
)
from policies.models import DocumentKind, Effect
from policies.queries.attestations import attestation_of
from policies.queries.configurations import maximum_age
from policies.queries.selection import (
    limited,
    selects,
    selects_kind,
    tags_of_document,
    tags_of_version,
)
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from policies.models import Attestation, Snapshot
    from policies.queries.assignments import Rule
    from policies.queries.configurations import Configuration
    from registry.models import AssetVersion, Workspace


@dataclass(kw_only=True, slots=True)
class Question:
    """What ``rule`` says about ``document`` in ``workspace``.

    ``subject`` names for people and programs what it is about: a resource by type and external
    id, a version by reference, the workspace where there is nothing to judge. Where
    ``unanswerable`` says why, no engine is asked and the answer is unknown. ``written`` has
    members of the document, by name, that are at hand as canonical JSON.
    """

    rule: Rule
    workspace: Workspace
    kind: DocumentKind
    subject: str
    document: Mapping[str, Any]
    snapshot: Snapshot | None = None
    version: AssetVersion | None = None
    unanswerable: str = ""
    written: Mapping[str, str] | None = None

    @property
    def asset(self) -> str:
        """Return kind/name of the version that it is about; empty where it is about none."""
        asset = self.version.asset if self.version else None
        return f"{asset.kind}/{asset.name}" if asset else ""

    @property
    def is_manual(self) -> bool:
        """Tell whether a person answers it, not an engine."""
        return self.rule.effect == Effect.MANUAL

    @property
    def attestation(self) -> Attestation | None:
        """Return what a person said about it, if it is manual and somebody did."""
        return attestation_of(self) if self.is_manual else None


def configuration_questions(
    workspace: Workspace, rules: Iterable[Rule], configurations: Sequence[Configuration]
) -> list[Question]:
    """Return the questions of every rule that judges configurations.

    A rule is asked about each resource of a type that it judges, as far as its assignment selects
    it. Where there is none of those types, that is a question too, whose answer is unknown: nobody
    can tell whether there is no such resource or nobody submitted it.
    """
    judging = rules_on_configurations(rules)
    known = {each.resource.type.casefold() for each in configurations}
    return [
        *questions_about(judging, configurations),
        *questions_about_nothing(workspace, judging, known),
    ]


def rules_on_configurations(rules: Iterable[Rule]) -> list[tuple[Rule, frozenset[str]]]:
    """Return the rules that judge configurations, each with the types that it judges."""
    judged = [(rule, judged_types(rule)) for rule in rules]
    return [(rule, types) for rule, types in judged if types is not None]


def questions_about(
    judging: Sequence[tuple[Rule, frozenset[str]]], configurations: Sequence[Configuration]
) -> list[Question]:
    """Return what the rules ask about each configuration, one configuration after the other."""
    questions: list[Question] = []
    age = f"the newest observation is older than {maximum_age().days} days"
    for each in configurations:
        document = configuration_document(each.snapshot)
        written = {"configuration": each.text}
        resource, kind = each.resource, each.resource.type.casefold()
        subject, unanswerable = str(resource), "" if each.is_fresh else age
        questions += [
            Question(
                rule=rule,
                workspace=resource.workspace,
                kind=DocumentKind.CONFIGURATION,
                subject=subject,
                document=document,
                snapshot=each.snapshot,
                unanswerable=unanswerable,
                written=written,
            )
            for rule, types in judging
            if (not types or kind in types) and selects_document(rule, document)
        ]
    return questions


def questions_about_nothing(
    workspace: Workspace, judging: Sequence[tuple[Rule, frozenset[str]]], known: Collection[str]
) -> list[Question]:
    """Return what the rules ask that judge none of the ``known`` types, which are case-folded."""
    return [
        _about_nothing(workspace, rule, types)
        for rule, types in judging
        if not (types.intersection(known) if types else known)
    ]


def selects_document(rule: Rule, document: Mapping[str, Any]) -> bool:
    """Tell whether the rule's assignment selects a configuration by its tags."""
    selector = rule.assignment.tags
    return not selector or selects(selector, tags_of_document(document))


def judged_types(rule: Rule) -> frozenset[str] | None:
    """Return the case-folded resource types that a rule judges, as far as its assignment is not
    limited to others; empty for any, None when it judges no configurations."""
    types: set[str] = set()
    kinds = [kind.partition("/") for kind in rule.policy_version.described.input_kinds]
    own = [(slash, kind) for document, slash, kind in kinds if document == "configuration"]
    if not own:
        return None
    for slash, kind in own:
        if not slash:
            return limited(frozenset(), rule.assignment)
        types.add(kind.casefold())
    return limited(frozenset(types), rule.assignment)


def _about_nothing(workspace: Workspace, rule: Rule, judged: frozenset[str]) -> Question:
    kinds = rule.policy_version.described.input_kinds
    named = [kind.partition("/")[2] for kind in kinds if kind.startswith("configuration/")]
    types = [name for name in named or rule.assignment.kinds if name.casefold() in judged]
    wanted = f" of type {' or '.join(types)}" if types else ""
    return Question(
        rule=rule,
        workspace=workspace,
        kind=DocumentKind.CONFIGURATION,
        subject=workspace.slug,
        document={
            "schema": CONFIGURATION_SCHEMA,
            "workspace": place(workspace),
            "resource": None,
            "configuration": None,
        },
        unanswerable=f"no configuration of a resource{wanted} has been submitted",
    )


def promotion_questions(
    workspace: Workspace,
    rules: Iterable[Rule],
    *,
    version: AssetVersion,
    document: Mapping[str, Any],
) -> list[Question]:
    """Return the questions of every rule that judges promotions of the version's kind, and whose
    assignment selects the version by its tags."""
    asked = [rule for rule in rules if judges_promotion(rule, version.asset.kind)]
    tags = tags_of_version(version) if any(rule.assignment.tags for rule in asked) else None
    return [
        Question(
            rule=rule,
            workspace=workspace,
            kind=DocumentKind.PROMOTION,
            subject=str(reference_of(version)),
            document=document,
            version=version,
        )
        for rule in asked
        if selects(rule.assignment.tags, tags)
    ]


def judges_promotions(rule: Rule) -> bool:
    """Tell whether a rule judges promotions of assets of any kind, tags and kinds left aside."""
    kinds = rule.policy_version.described.input_kinds
    return any(kind.casefold().partition("/")[0] == "promotion" for kind in kinds)


def judges_promotion(rule: Rule, kind: str) -> bool:
    """Tell whether a rule judges promotions of assets of that kind, tags left aside."""
    judges = rule.policy_version.described.judges("promotion", kind)
    return judges and selects_kind(rule.assignment, kind)
