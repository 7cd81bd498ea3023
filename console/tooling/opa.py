"""`manage.py opa`: builds the pinned Open Policy Agent into `.tools/opa`."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from console.bootstrap import ROOT

SOURCE = ROOT / "tools" / "opa"
BUILT = ROOT / ".tools" / "opa"
MODULE = "github.com/open-policy-agent/opa"


def main(arguments: list[str]) -> int:
    """Build OPA where Go is present and the built one is not current; print what is used."""
    if arguments:
        sys.exit(f"manage.py opa takes no arguments, got {arguments[0]!r}.")
    if not _is_current():
        _build()
    print(f"OPA {pinned_version()} at {BUILT}")
    return 0


def find_opa() -> Path | None:
    """The OPA executable: `MUNIMENT_OPA`, else on PATH, else the built one; None without any."""
    named = os.environ.get("MUNIMENT_OPA")
    if named:
        return Path(named) if os.access(named, os.X_OK) else None
    on_path = shutil.which("opa")
    if on_path:
        return Path(on_path)
    return BUILT if os.access(BUILT, os.X_OK) else None


def pinned_version() -> str:
    """The version that `tools/opa/go.mod` requires, without its `v`."""
    match = re.search(rf"{re.escape(MODULE)} v(\S+)", (SOURCE / "go.mod").read_text())
    if match is None:
        raise RuntimeError(f"{SOURCE / 'go.mod'} does not require {MODULE}")
    return match[1]


def _is_current() -> bool:
    stamp = BUILT.with_suffix(".stamp")
    return BUILT.exists() and stamp.exists() and stamp.read_text() == _pin()


def _pin() -> str:
    pinned = (SOURCE / "go.mod").read_bytes() + (SOURCE / "go.sum").read_bytes()
    return hashlib.sha256(pinned).hexdigest()


def _build() -> None:
    go = shutil.which("go")
    if go is None:
        sys.exit(
            "muniment: building OPA needs Go 1.26 or newer on the PATH. Without it, put an `opa` "
            "binary on the PATH or name one in MUNIMENT_OPA; the embedded engine needs neither."
        )
    print(
        f"muniment: building OPA {pinned_version()} (a few minutes the first time) ...", flush=True
    )
    BUILT.parent.mkdir(exist_ok=True)
    partial = BUILT.with_suffix(".partial")
    try:
        subprocess.run(
            [go, "build", "-mod=readonly", "-trimpath", "-o", str(partial), MODULE],
            check=True,
            cwd=SOURCE,
            env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off"},
        )
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"muniment: building OPA failed: {error}")
    partial.replace(BUILT)
    BUILT.with_suffix(".stamp").write_text(_pin())
