"""The records that answer questions of Annex IV, each with what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.kinds.cards import card_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.dossiers.dossier import Dossier
    from audits.dossiers.standing import Attested
    from audits.dossiers.subjects import Evaluation, Thing


@dataclass(frozen=True)
class Answer:
    """What a record says: ``record`` names it, ``digest`` is over its content (empty where it has
    none), ``entries`` are the journal entries behind it."""

    text: str
    record: str
    digest: str = ""
    entries: tuple[str, ...] = ()


def card_fields_of(kind: str) -> tuple[str, ...]:
    """Return the fields that cards of the kind have."""
    return card_fields(kind)


def of_card(dossier: Dossier, fields: Iterable[str]) -> Iterable[Answer]:
    """Answer with what the card says in ``fields``, and whether somebody accepted that."""
    card = dossier.card
    for name in fields:
        if card is not None and (text := dossier.said(name)):
            record = f"card of {dossier.version.reference}, {name} ({card.status})"
            yield Answer(text, record, card.digest, card.entries)


def of_spec(dossier: Dossier, paths: Iterable[tuple[str, ...]]) -> Iterable[Answer]:
    """Answer with what the spec states at ``paths``."""
    version = dossier.version
    for path in paths:
        if text := version.stated(*path):
            label = path[-1].replace("_", " ")
            record = f"{version.reference}, {'.'.join(path)}"
            yield Answer(f"{label}: {text}", record, version.digest, version.entries)


def of_tag(dossier: Dossier, key: str) -> Iterable[Answer]:
    """Answer with a tag by which somebody stated it."""
    for tag in dossier.tags:
        if tag.key == key and tag.value.strip():
            record = f"tag {key} of {dossier.version.reference}"
            yield Answer(tag.value, record, entries=tag.entries)


def of_attestations(dossier: Dossier, controls: tuple[str, ...]) -> Iterable[Answer]:
    """Answer with what people attested of rules for any of ``controls``, by their beginning."""
    for each in dossier.attestations:
        if controls and any(control.startswith(controls) for control in each.controls):
            yield Answer(_said(each), f"attestation {each.uuid}", "", each.entries)


def _said(each: Attested) -> str:
    stands = "is kept" if each.state == "compliant" else "is NOT kept"
    told = f"{each.title}: {stands}, says {each.attested_by.username} as of {each.assessed_at[:10]}"
    shown = "; ".join(f"{item.title} ({item.digest or item.uri})" for item in each.evidence)
    parts = [f"{told}, until {each.expires_at[:10]}.", each.comments, shown and f"Shown: {shown}."]
    return " ".join(part for part in parts if part)


def when(moment: str) -> str:
    """Return a time for people, to the second."""
    return f"{moment[:10]} {moment[11:19]} UTC"


def _thing(thing: Thing, text: str) -> Answer:
    return Answer(text, thing.reference, thing.digest, thing.entries)


def version_told(dossier: Dossier) -> Iterable[Answer]:
    """Say which version it is and what came before it."""
    version = dossier.version
    yield _thing(version, f"Version {version.number} of {version.kind} {version.name}.")
    for uri in dossier.origins:
        if uri != version.uri:
            origin = dossier.by_uri[uri]
            yield _thing(origin, f"It is a copy of {origin.reference}, made by a promotion.")


def members(dossier: Dossier) -> Iterable[Answer]:
    """Name the versions that it uses."""
    uses = [link for link in dossier.relations if link.source == dossier.version.uri]
    for link in uses:
        if link.role.startswith(("uses_", "embeds_", "indexes")):
            thing = dossier.by_uri[link.target]
            yield _thing(thing, f"{link.role.replace('_', ' ')} {thing.reference}")


def architecture(dossier: Dossier) -> Iterable[Answer]:
    """Tell each relation between the versions that it is made of."""
    for link in dossier.relations:
        source, target = dossier.by_uri[link.source], dossier.by_uri[link.target]
        if link.role.startswith(("uses_", "embeds_", "indexes")):
            yield _thing(
                target, f"{source.reference} {link.role.replace('_', ' ')} {target.reference}"
            )


def forms(dossier: Dossier) -> Iterable[Answer]:
    """Tell the deployments by which it was put into service, and the files that it consists of."""
    for each in dossier.deployments:
        until = f"until {when(each.until)}" if each.until else "and still does"
        since = when(each.since)
        text = f"Served by {each.deployment} (revision {each.revision}) since {since}, {until}"
        address = f", at {each.endpoint}" if each.endpoint else ""
        yield Answer(f"{text}{address}.", each.deployment, each.digest, each.entries)
    for file in dossier.version.artifacts:
        yield Answer(f"File {file.path}", dossier.version.reference, file.digest)


def methods(dossier: Dossier) -> Iterable[Answer]:
    """Tell the runs that made it, with what they were started with."""
    for run in dossier.runs:
        told = ", ".join(f"{key}={value}" for key, value in run.parameters)
        text = f"Run {run.name or run.uuid} of experiment {run.experiment}, {run.status}"
        yield Answer(f"{text}: {told or 'no parameters'}.", f"run {run.uuid}")


def pre_trained(dossier: Dossier) -> Iterable[Answer]:
    """Tell the models that it was made from."""
    roles = ("fine_tuned_from", "adapter_of", "distilled_from", "merged_from", "derived_from")
    for link in dossier.relations:
        if link.role in roles:
            thing = dossier.by_uri[link.target]
            by = thing.stated("source", "provider")
            text = f"{link.role.replace('_', ' ')} {thing.reference}{f', by {by}' if by else ''}"
            yield _thing(thing, text)


def data_sheets(dossier: Dossier) -> Iterable[Answer]:
    """Tell each dataset that went into it: where from, on what terms, how large."""
    for thing in dossier.data:
        told = {
            "purpose": thing.stated("purpose") or thing.description,
            "origin": thing.stated("source", "description"),
            "licence": thing.license,
            "rows": thing.stated("statistics", "rows"),
        }
        parts = [f"{name}: {text}" for name, text in told.items() if text]
        yield _thing(thing, f"{thing.reference}. {'; '.join(parts)}")
    for each in dossier.outside:
        text = f"{each.name}, of elsewhere, digest {each.digest or 'unknown'}, {each.context}"
        yield Answer(text.rstrip(", "), "runs that made it")


def data_prepared(dossier: Dossier) -> Iterable[Answer]:
    """Tell how the data was labelled and cleaned."""
    for thing in dossier.data:
        if text := thing.stated("preparation"):
            yield _thing(thing, f"{thing.reference}: {text}")


def data_biases(dossier: Dossier) -> Iterable[Answer]:
    """Tell what the data does not represent well."""
    for thing in dossier.data:
        if text := thing.stated("known_biases"):
            yield _thing(thing, f"{thing.reference}: {text}")


def personal_data(dossier: Dossier) -> Iterable[Answer]:
    """Tell whether the data holds personal data, on what ground, and how people are protected."""
    for thing in dossier.data:
        personal = thing.content.get("personal_data")
        if personal is None:
            continue
        if not personal.get("contains"):
            yield _thing(thing, f"{thing.reference} holds no personal data.")
            continue
        told = [f"{thing.reference} holds personal data"]
        told += [f"lawful basis {personal['lawful_basis']}"] if "lawful_basis" in personal else []
        told += [personal["measures"]] if "measures" in personal else []
        yield _thing(thing, "; ".join(told))


def tests(dossier: Dossier) -> Iterable[Answer]:
    """Tell every evaluation: how, on what, by whom, with which numbers."""
    for each in dossier.judged:
        yield Answer(_test(each), each.result, each.digest, each.entries)
    for measure in dossier.measures:
        by = f" by {measure.evaluator}" if measure.evaluator else ""
        yield _thing(dossier.version, f"{measure.name} = {measure.value}{by}")


def _test(each: Evaluation) -> str:
    numbers = ", ".join(f"{m.name} = {m.value} by {m.evaluator or '?'}" for m in each.measures)
    told = [each.method or "evaluation", f"on {', '.join(each.datasets)}" if each.datasets else ""]
    told += [f"{each.samples} samples" if each.samples else "", each.evaluated_at[:10]]
    return f"{', '.join(part for part in told if part)}: {numbers or 'no numbers'}."


def security(dossier: Dossier) -> Iterable[Answer]:
    """Tell what looking into the files found, and who signed them."""
    for file in dossier.version.artifacts:
        if file.look is not None:
            text = (
                f"{file.path}: {file.look.verdict} ({file.look.tool}, {when(file.look.scanned_at)})"
            )
            yield Answer(text, dossier.version.reference, file.digest)
    for each in dossier.signatures:
        trusted = "a trusted key" if each.is_trusted else "a key that is not trusted"
        text = f"Signature {each.status}, by {trusted} {each.signer}"
        yield Answer(text, f"signature {each.uuid}", each.digest, each.entries)


def excused(dossier: Dossier) -> Iterable[Answer]:
    """Tell what stands open, and what is waived; or that nothing is on record."""
    if not dossier.findings and not dossier.exemptions:
        yield Answer("No finding and no exemption is on record.", dossier.version.reference)
    for each in dossier.findings:
        text = f"{each.state} finding, {each.severity}: {each.title} on {each.subject}"
        yield Answer(text, f"finding {each.uuid}")
    for row in dossier.exemptions:
        text = f"{row.category} until {row.expires_at[:10]}, approved by {row.approved_by.username}"
        yield Answer(f"{text}: {row.reason}", f"exemption {row.uuid}", "", row.entries)


def changes(dossier: Dossier) -> Iterable[Answer]:
    """Tell the promotions, with who approved them, and in which state of life it is."""
    for each in dossier.promotions:
        by = ", ".join(row.by.username for row in each.approvals if row.counts) or "nobody"
        undone = f", rolled back {when(each.rolled_back_at)}" if each.rolled_back_at else ""
        text = f"Promoted into {each.target} {when(each.completed_at)}, approved by {by}{undone}"
        yield Answer(f"{text}: {each.reason}", f"promotion {each.uuid}", each.binding, each.entries)
    if dossier.lifecycle != "active":
        yield Answer(f"It is {dossier.lifecycle}.", dossier.version.reference)
    for alias in dossier.aliases:
        text = f"Called {alias.name} since {when(alias.since)}, by {alias.moved_by.username}"
        yield Answer(text, dossier.version.reference, "", alias.entries)
