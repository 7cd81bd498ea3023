"""The real Checkov in a throw-away environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.support.environments import environment

VERSION = "3.3.30"


def verdicts(folder: Path) -> dict[tuple[str, str, str], bool]:
    """What Checkov says of the files in a folder: whether each check passes, by the name of the
    file, the id of the check, and the resource. Raises `PartMissing`."""
    home = environment(f"checkov-{VERSION}", [f"checkov=={VERSION}"])
    done = subprocess.run(
        [
            str(home / "bin" / "checkov"),
            "--directory",
            str(folder),
            "--framework",
            "arm",
            "cloudformation",
            "terraform_plan",
            "--skip-download",
            "--compact",
            "--output",
            "json",
        ],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LOG_LEVEL": "ERROR",
            "CHECKOV_CREATE_SCA_IMAGE_REPORTS_FOR_IR": "false",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout, done.stderr[-2000:]
    told: Any = json.loads(done.stdout)
    found: dict[tuple[str, str, str], bool] = {}
    for report in told if isinstance(told, list) else [told]:
        for key, passes in (("passed_checks", True), ("failed_checks", False)):
            for each in report["results"][key]:
                name = Path(each["file_path"]).name
                resource = each["resource"].rpartition(".")[2]
                found[name, each["check_id"], resource] = passes
    return found
