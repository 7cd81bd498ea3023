"""A dossier as SPDX 3.0.1 in JSON-LD, conforming to the AI and dataset profiles.

Source: the SPDX 3.0.1 model. A version is ``urn:uuid:`` with its public id, wherever it is told of;
what the document itself brings (relationships, licences, agents) is named under the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from audits.dossiers.licences import is_expression
from audits.dossiers.spdx_packages import package_of
from core.canonical import canonical_json

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier
    from audits.dossiers.subjects import Artifact, Thing

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
PROFILES = ["core", "software", "simpleLicensing", "ai", "dataset"]
NO_ASSERTION = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense"
CREATION = "_:creation"
# How SPDX calls what our links say; every other link is a dependency.
RELATIONS = {
    "trained_on": "trainedOn",
    "evaluated_on": "testedOn",
    "fine_tuned_from": "descendantOf",
    "adapter_of": "descendantOf",
    "distilled_from": "descendantOf",
    "merged_from": "descendantOf",
    "derived_from": "descendantOf",
}


def render(dossier: Dossier) -> bytes:
    """Return the document."""
    return canonical_json({"@context": CONTEXT, "@graph": _Graph(dossier).elements()})


@dataclass
class _Graph:
    """Collects the elements of one document."""

    dossier: Dossier
    found: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the document's id: the same for the same version and time."""
        named = f"{self.dossier.version.uri}#{self.dossier.as_of}#spdx-3.0.1"
        return f"urn:uuid:{uuid5(NAMESPACE_URL, named)}"

    def elements(self) -> list[dict[str, Any]]:
        """Return everything, what the document says of itself first."""
        for thing in self.dossier.components:
            self._package(thing)
        for link in self.dossier.relations:
            kind = RELATIONS.get(link.role, "dependsOn")
            self._relation(self._id(link.source), kind, [self._id(link.target)])
        tested = {
            self.dossier.standing_for[uri]
            for each in self.dossier.judged
            for uri in each.datasets
            if uri in self.dossier.standing_for
        }
        if tested:
            root = self.dossier.version.uri
            self._relation(self._id(root), "testedOn", [self._id(uri) for uri in sorted(tested)])
        return [self._creation(), self._document(), self._agent(), *self.found]

    def _id(self, uri: str) -> str:
        return f"urn:uuid:{self.dossier.by_uri[uri].uuid}"

    def _add(self, kind: str, mark: str, **told: Any) -> str:
        """Add an element of the document's own; return its id."""
        identity = f"{self.name}#{mark}"
        element = {"type": kind, "spdxId": identity, "creationInfo": CREATION, **told}
        if not any(each.get("spdxId") == identity for each in self.found):
            self.found.append(element)
        return identity

    def _relation(self, source: str, kind: str, targets: list[str]) -> None:
        count = sum(each["type"] == "Relationship" for each in self.found)
        told = {"from": source, "relationshipType": kind, "to": targets}
        self._add("Relationship", f"relationship-{count + 1}", **told)

    def _package(self, thing: Thing) -> None:
        about = package_of(thing, self.dossier)
        agent = f"{self.name}#agent"
        supplier = thing.stated("source", "provider")
        if supplier:
            mark = f"supplier-{uuid5(NAMESPACE_URL, supplier)}"
            agent = self._add("Organization", mark, name=supplier)
        by = "originatedBy" if about["type"] == "dataset_DatasetPackage" else "suppliedBy"
        about[by] = [agent] if by == "originatedBy" else agent
        self.found.append(about | {"creationInfo": CREATION})
        self._licence(about["spdxId"], thing.license)
        files = [self._file(each, thing) for each in thing.artifacts]
        if files:
            self._relation(about["spdxId"], "hasDataFile", files)

    def _licence(self, package: str, text: str) -> None:
        """Say what licence was declared. Muniment concludes nothing about licences."""
        declared = NO_ASSERTION
        if text and text != "NOASSERTION" and is_expression(text):
            declared = self._add(
                "simplelicensing_LicenseExpression",
                f"license-{uuid5(NAMESPACE_URL, text)}",
                simplelicensing_licenseExpression=text,
            )
        elif text and text != "NOASSERTION":
            declared = self._add(
                "simplelicensing_SimpleLicensingText",
                f"license-{uuid5(NAMESPACE_URL, text)}",
                simplelicensing_licenseText=text,
            )
        self._relation(package, "hasDeclaredLicense", [declared])
        self._relation(package, "hasConcludedLicense", [NO_ASSERTION])

    def _file(self, artifact: Artifact, thing: Thing) -> str:
        told = {
            "name": artifact.path,
            "verifiedUsing": [digest_of(artifact.digest)],
            "software_primaryPurpose": "data" if thing.kind == "dataset" else "model",
        }
        if artifact.media_type:
            told["contentType"] = artifact.media_type
        return self._add("software_File", f"file-{uuid5(NAMESPACE_URL, _place(artifact))}", **told)

    def _creation(self) -> dict[str, Any]:
        return {
            "type": "CreationInfo",
            "@id": CREATION,
            "specVersion": "3.0.1",
            "created": seconds(self.dossier.as_of),
            "createdBy": [f"{self.name}#agent"],
        }

    def _document(self) -> dict[str, Any]:
        version = self.dossier.version
        return {
            "type": "SpdxDocument",
            "spdxId": self.name,
            "creationInfo": CREATION,
            "name": version.reference,
            "profileConformance": PROFILES,
            "rootElement": [self._id(version.uri)],
            "element": [f"{self.name}#agent", *(each["spdxId"] for each in self.found)],
        }

    def _agent(self) -> dict[str, Any]:
        return {
            "type": "SoftwareAgent",
            "spdxId": f"{self.name}#agent",
            "creationInfo": CREATION,
            "name": f"Muniment at {self.dossier.instance}",
        }


def _place(artifact: Artifact) -> str:
    return f"{artifact.path}#{artifact.digest}"


def digest_of(text: str) -> dict[str, str]:
    """Return a digest as SPDX has it."""
    algorithm, _, value = text.partition(":")
    return {"type": "Hash", "algorithm": algorithm, "hashValue": value}


def seconds(at: str) -> str:
    """Return a time as SPDX has it, without fractions of seconds."""
    return f"{at[:19]}Z"
