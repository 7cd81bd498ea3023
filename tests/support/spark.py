"""The real Spark with the stock OpenLineage listener, in a throw-away environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.environments import environment
from tests.support.maven import jar

SPARK = "4.0.1"  # built with Scala 2.13, as the listener has to be
SCALA = "2.13"
LISTENER = "1.37.0"
ARTIFACT = f"openlineage-spark_{SCALA}"


def programs_missing() -> str:
    """What of Spark's own needs this machine lacks, as a sentence; empty where it has all."""
    absent = [name for name in ("java", "mvn") if shutil.which(name) is None]
    return f"Spark needs {' and '.join(absent)}, which this machine does not have" if absent else ""


def listener() -> Path:
    """The listener's jar. Raises `PartMissing`."""
    return jar("io.openlineage", ARTIFACT, LISTENER)


def run_session(script: Path, folder: Path, given: Mapping[str, Any]) -> None:
    """Run `script` with Spark's own Python in `folder`, `given` as JSON as its argument; the path
    of the listener's jar is there as `jar`. Raises `PartMissing`."""
    jar = listener()
    made = environment(f"pyspark-{SPARK}", (f"pyspark=={SPARK}",), from_source=("pyspark",))
    done = subprocess.run(
        [str(made / "bin" / "python"), str(script), json.dumps({**given, "jar": str(jar)})],
        env={
            "PATH": f"{made / 'bin'}:{os.environ.get('PATH', '')}",
            "HOME": str(folder),
            "JAVA_HOME": os.environ.get("JAVA_HOME", ""),
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
