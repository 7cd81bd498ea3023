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
from tests.support.parts import PartMissing

SPARK = "4.0.1"  # built with Scala 2.13, as the listener has to be
SCALA = "2.13"
LISTENER = "1.37.0"
ARTIFACT = f"openlineage-spark_{SCALA}"


def programs_missing() -> str:
    """What of Spark's own needs this machine lacks, as a sentence; empty where it has all."""
    absent = [name for name in ("java", "mvn") if shutil.which(name) is None]
    return f"Spark needs {' and '.join(absent)}, which this machine does not have" if absent else ""


def listener() -> Path:
    """The listener's jar, fetched by Maven where it is new. Raises `PartMissing`."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "muniment-tests" / f"{ARTIFACT}-{LISTENER}"
    jar = folder / f"{ARTIFACT}-{LISTENER}.jar"
    if jar.exists():
        return jar
    coordinates = f"io.openlineage:{ARTIFACT}:{LISTENER}"
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    _maven("get", f"-Dartifact={coordinates}", "-Dtransitive=false")
    _maven("copy", f"-Dartifact={coordinates}", f"-DoutputDirectory={partial}")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return jar


def _maven(goal: str, *settings: str) -> None:
    done = subprocess.run(
        ["mvn", "--quiet", "--batch-mode", f"dependency:{goal}", *settings],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PartMissing(f"{ARTIFACT} {LISTENER} cannot be fetched: {done.stdout[-500:]}")


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
