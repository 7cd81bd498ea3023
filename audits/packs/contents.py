"""Everything that a pack holds, in its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from audits import verifier
from audits.packs.archive import Part, gathered
from audits.packs.decisions import Decisions
from audits.packs.extent import Extent
from audits.packs.journal import NOTE, journal_parts, log_claims
from audits.packs.production import dossier_parts, provenance_parts
from audits.packs.readme import readme
from audits.packs.results import result_parts
from audits.queries.log import first_log_key
from audits.reports.basis import assess
from audits.reports.formats import FORMATS, STANDARD
from audits.reports.moments import moment
from audits.reports.results import nobody
from core import release
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.packs.basis import Basis
    from audits.packs.cited import Cited
    from audits.packs.journal import Keys
    from audits.reports.assessment import Assessment
    from audits.reports.results import Told

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

    def stages(self, *, told: Told = nobody) -> Iterator[tuple[str, Iterator[Part]]]:
        """Yield each of `STAGES` with its parts; the next one only when these are written.

        ``told`` hears how many results were collected for the reports.
        """
        assessment = assess(self.basis.assessed, told=told) if self.basis.assessed else None
        extent = Extent.of(self.basis, assessment)
        self._decisions = Decisions(extent)
        yield "reports", _reports(assessment)
        assessment = None
        yield "results", result_parts(extent, self.counts)
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

    def _verifier(self) -> Iterator[Part]:
        text = readme(of=self._named(), as_of=moment(self.basis.as_of), vkey=first_log_key())
        yield Part("README.txt", NOTE, [text])
        yield Part("verify/muniment_verify.py", "text/x-python", [verifier.source().encode()])

    def _named(self) -> str:
        if self.basis.about is not None:
            named = str(reference_of(self.basis.about))
        else:
            named = ", ".join(place.slug for place in self.basis.workspaces[:5]) or "no workspace"
            if (more := len(self.basis.workspaces) - 5) > 0:
                named = f"{named} and {more} more workspaces"
        limit = f", for the framework {self.basis.framework} alone," if self.basis.framework else ""
        return named + limit


def _reports(assessment: Assessment | None) -> Iterator[Part]:
    """Yield the report in every form, where there is one."""
    if assessment is None:
        return
    for name in STANDARD:
        form = FORMATS[name]
        path = f"reports/report{form.suffix or f'.{name}'}"
        yield Part(path, form.media_type.partition(";")[0], gathered(form.pieces(assessment)))
