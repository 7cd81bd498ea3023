"""The decisions behind results and promotions, with all that replays them elsewhere."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from audits.packs.archive import Part, gathered
from audits.packs.journal import JSON, LINES
from core.canonical import canonical_json
from policies.bundles.layout import bundle_bytes
from policies.documents import rfc3339
from policies.engines.base import Bundle
from policies.engines.replay import FORMAT
from policies.models import Decision, DecisionInput, PolicyVersion, Snapshot
from policies.services.exports import contents_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models import QuerySet

    from audits.packs.basis import Basis
    from audits.packs.extent import Extent

AT_ONCE = 500
GZIP = "application/gzip"
DECISION = (
    "uuid",
    "evaluation__evaluated_at",
    "evaluation__kind",
    "evaluation__workspace__slug",
    "evaluation__subject",
    "policy_version_id",
    "evaluation__input_id",
    "evaluation__parameters",
    "evaluation__bundle_digest",
    "state",
    "findings",
    "error",
    "evaluation__engine",
    "evaluation__engine_version",
    "evaluation__snapshot__digest",
)


class Decisions:
    """The decisions that a pack rests on; `parts` and the others are read once, in this order."""

    def __init__(self, extent: Extent) -> None:
        self.rows = _decisions(extent)
        self.count = 0
        self._bundles: defaultdict[str, set[int]] = defaultdict(set)
        used = self.rows.order_by().values("policy_version")
        versions = PolicyVersion.objects.filter(pk__in=used).select_related("policy")
        self._policies: Mapping[int, PolicyVersion] = versions.defer("tests").in_bulk()

    def parts(self) -> Iterator[Part]:
        """Yield what was decided, a decision a line, and the very bytes that were judged."""
        yield Part("decisions/decisions.ndjson", LINES, gathered(self._lines()))
        used = self.rows.order_by().values("evaluation__input")
        inputs = DecisionInput.objects.filter(pk__in=used).order_by("digest")
        rows = inputs.values_list("digest", "body")
        for digest, body in rows.iterator(AT_ONCE // 5):
            yield Part(f"decisions/inputs/{_hex(digest)}.json", JSON, [bytes(body)])

    def configurations(self) -> Iterator[Part]:
        """Yield the configurations that were judged, each once."""
        told = Snapshot.objects.filter(pk__in=self.rows.order_by().values("evaluation__snapshot"))
        rows = (
            told.order_by("digest")
            .annotate(text=Cast("document", TextField()))
            .values_list("digest", "text")
        )
        last = ""
        for digest, text in rows.iterator(AT_ONCE // 5):
            if digest != last:
                yield Part(f"configurations/{_hex(digest)}.json", JSON, [text.encode()])
            last = digest

    def policies(self) -> Iterator[Part]:
        """Yield each policy as an OPA bundle, and which of them were evaluated together."""
        seen: set[str] = set()
        for digest, contents in contents_of_each(sorted(self._policies)):
            if digest not in seen:
                yield Part(f"policies/{_hex(digest)}.tar.gz", GZIP, [bundle_bytes(contents)])
            seen.add(digest)
        yield Part("policies/bundles.json", JSON, [canonical_json(self.bundles())])

    def bundles(self) -> dict[str, list[list[str]]]:
        """Return path and digest of each policy in the bundles that decisions name.

        A bundle of which some policy decided nothing here is left out: its list would not be one.
        """
        found = {}
        for digest, versions in sorted(self._bundles.items()):
            modules = tuple(self._policies[pk].module for pk in sorted(versions))
            paths = {module.path for module in modules}
            if len(paths) == len(modules) and Bundle(modules).digest == digest:
                found[digest] = sorted([module.path, module.digest] for module in modules)
        return found

    def policy_claims(self) -> list[dict[str, str]]:
        """Return name, number and digest of each policy, for the manifest."""
        return sorted(
            ({"ref": each.reference, "digest": each.digest} for each in self._policies.values()),
            key=lambda told: told["ref"],
        )

    def _lines(self) -> Iterator[bytes]:
        for row in self.rows.values_list(*DECISION).iterator(AT_ONCE):
            told = self._told(row)
            if told["bundle_digest"]:
                self._bundles[told["bundle_digest"]].add(row[5])
            self.count += 1
            yield msgspec.json.encode(told) + b"\n"

    def _told(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """The export of a decision, less the texts: those lie beside it, by their digests."""
        version = self._policies[row[5]]
        return {
            "format": FORMAT,
            "decision": row[0],
            "evaluated_at": rfc3339(row[1]),
            "kind": row[2],
            "workspace": row[3],
            "subject": row[4],
            "policy": {
                "ref": version.reference,
                "path": version.module.path,
                "package": version.module.package,
                "digest": version.digest,
            },
            "input": {"digest": row[6]},
            "parameters": row[7],
            "bundle_digest": row[8],
            "answer": {
                "state": row[9],
                "findings": row[10],
                "error": row[11],
                "engine": row[12],
                "engine_version": row[13],
            },
            "snapshot": row[14],
        }


def _decisions(extent: Extent) -> QuerySet[Decision]:
    """Those behind the results, and those that the gates named for the promotions."""
    basis = extent.basis
    wanted = Q(uuid__in=_evidence(basis), evaluation__workspace__in=basis.workspaces)
    if basis.scan is not None:
        wanted |= Q(pk__in=extent.results().order_by().values("decision"))
    return Decision.objects.filter(wanted).order_by("pk")


def _evidence(basis: Basis) -> list[str]:
    """What the verdicts of the policy gate name: the uuids of decisions. Others name digests."""
    told = {
        each
        for promotion in basis.promotions.values()
        for verdict in promotion.verdicts
        for each in verdict["evidence"]
    }
    return sorted(each for each in told if ":" not in each)


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")
