"""What an installation itself holds against its log: its anchors, and who cosigned it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audits.models import LogCosignature
from audits.services.transparency.anchors import anchor_file
from audits.services.transparency.repositories import Repository
from audits.services.transparency.sinks import configured
from audits.services.transparency.witnessing import CosigningWitness

if TYPE_CHECKING:
    from pathlib import Path


def anchor_files(folder: Path) -> list[Path]:
    """Return the files of checkpoints that a verifier takes: the anchor, and the commits of the
    repository, which are written to ``folder``. Raises InvalidInput for settings without sense."""
    found = [own] if (own := anchor_file()) and own.exists() else []
    for sink in configured():
        if isinstance(sink, Repository):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "commits.ndjson"
            with path.open("w", encoding="utf-8") as file:
                for note in sink.history():
                    file.write(json.dumps({"note": note}, ensure_ascii=False) + "\n")
            found.append(path)
    return found


def known_witnesses() -> list[str]:
    """Return the keys of those witnesses of the settings that have cosigned anything yet."""
    named = [each.key.encoded() for each in configured() if isinstance(each, CosigningWitness)]
    cosigned = LogCosignature.objects.filter(witness__in=named).values_list("witness", flat=True)
    return sorted(set(cosigned))
