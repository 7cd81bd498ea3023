"""Everything that a pack holds, in its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from audits import verifier
from audits.packs.archive import Part, gathered
from audits.packs.decisions import Decisions
from audits.packs.journal import NOTE, journal_parts, log_claims
from audits.packs.production import dossier_parts, provenance_parts
from audits.packs.readme import readme
from audits.packs.results import result_parts
from audits.queries.log import first_log_key
from audits.reports.collect import assessment_of
from audits.reports.formats import FORMATS, STANDARD
from audits.reports.moments import moment
from core import release
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.packs.basis import Basis
    from audits.packs.cited import Cited
    from audits.packs.journal import Keys

STAGES = (
    "reports",
    "results",
    "decisions",
    "configurations",
    "policies",
    "provenance",
    "dossiers",
    "journal",
    "verifier",
)


@dataclass
class Contents:
    """The parts of a pack by stage, and what the manifest claims once they were written."""

    basis: Basis
    cited: Cited
    keys: Keys
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._decisions = Decisions(self.basis)

    def stages(self) -> Iterator[tuple[str, Iterator[Part]]]:
        """Yield each of `STAGES` with its parts; the next one only when these are written."""
        yield "reports", self._reports()
        yield "results", result_parts(self.basis, self.counts)
        yield "decisions", self._decisions.parts()
        yield "configurations", self._decisions.configurations()
        yield "policies", self._decisions.policies()
        yield "provenance", provenance_parts(self.basis)
        yield "dossiers", dossier_parts(self.basis)
        yield "journal", journal_parts(self.cited, keys=self.keys)
        yield "verifier", self._verifier()

    def claims(self) -> dict[str, Any]:
        """Return what the manifest says beside its files."""
        tools = [f"muniment {release.version()}"]
        if self.basis.scan is not None:
            tools += self.basis.scan.tools or []
        return {
            "instance": settings.INSTANCE,
            "basis": self.basis.claims(),
            "tools": sorted(set(tools)),
            "log": log_claims(self.cited),
            "policies": self._decisions.policy_claims(),
            "bundles": sorted(self._decisions.bundles()),
            "counts": {**self.counts, "decisions": self._decisions.count},
        }

    def _reports(self) -> Iterator[Part]:
        """The whole assessment is in memory from the first form to the last, and then gone."""
        if self.basis.scan is None:
            return
        assessment = assessment_of(self.basis.scan)
        for name in STANDARD:
            form = FORMATS[name]
            path = f"reports/report{form.suffix or f'.{name}'}"
            yield Part(path, form.media_type.partition(";")[0], gathered(form.pieces(assessment)))

    def _verifier(self) -> Iterator[Part]:
        text = readme(of=self._named(), as_of=moment(self.basis.as_of), vkey=first_log_key())
        yield Part("README.txt", NOTE, [text])
        yield Part("verify/muniment_verify.py", "text/x-python", [verifier.source().encode()])

    def _named(self) -> str:
        if self.basis.about is not None:
            return str(reference_of(self.basis.about))
        places = ", ".join(place.slug for place in self.basis.workspaces[:5])
        more = len(self.basis.workspaces) - 5
        return f"{places} and {more} more workspaces" if more > 0 else places or "no workspace"
