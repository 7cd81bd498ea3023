"""Archives, member by member, without extracting anything."""

from __future__ import annotations

import re
import stat
import tarfile
import zipfile
from collections.abc import Callable
from typing import BinaryIO, TypeAlias, cast

from registry.scanning.limits import Budget
from registry.scanning.verdicts import Finding, Verdict

Look: TypeAlias = Callable[[BinaryIO, int, str], tuple[str, list[Finding]]]
LOCAL_HEADER = b"PK\x03\x04"
ENCRYPTED = 0x1
TORCH_STORAGE = re.compile(r"(.*/)?(?:data/[0-9]+|\.data/serialization_id)\Z", re.DOTALL)
KERAS_WEIGHTS = "model.weights.h5"


def look_into_zip(file: BinaryIO, budget: Budget, look: Look) -> tuple[str, list[Finding]]:
    """Return the format and the findings of a zip file and of its members."""
    findings: list[Finding] = []
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if len(names) < len(members):
            findings.append(_odd("duplicate-member", "two members have one name"))
        for member in members:
            budget.member()
            findings += _path_findings(member.filename)
            if stat.S_ISLNK(member.external_attr >> 16):
                findings.append(_link(member.filename))
            elif member.flag_bits & ENCRYPTED:
                findings.append(_odd("encrypted", "it is encrypted", member.filename))
            elif not member.is_dir():
                budget.expand(member.file_size, compressed=member.compress_size)
                if not _is_raw(member.filename, names):
                    with archive.open(member) as content:
                        findings += look(
                            cast("BinaryIO", content), member.file_size, member.filename
                        )[1]
    kind = _zip_format(names)
    if kind == "keras":  # its weights are arrays by name; a layer that runs code is found anyway
        findings = [one for one in findings if (one.code, one.where) != ("format", KERAS_WEIGHTS)]
    return kind, findings


def _is_raw(name: str, names: set[str]) -> bool:
    """Tell whether a member is a tensor's bytes, which its loader copies and never interprets."""
    found = TORCH_STORAGE.match(name)
    return found is not None and f"{found[1] or ''}data.pkl" in names


def _zip_format(names: set[str]) -> str:
    if any(name == "data.pkl" or name.endswith("/data.pkl") for name in names):
        return "torch"
    if {"config.json", "metadata.json"} <= names:
        return "keras"
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    return "zip"


def look_into_tar(file: BinaryIO, budget: Budget, look: Look) -> tuple[str, list[Finding]]:
    """Return the format and the findings of a tar file and of its members."""
    findings: list[Finding] = []
    with tarfile.open(fileobj=file, mode="r:") as archive:
        for member in archive:
            budget.member()
            findings += _path_findings(member.name)
            if member.issym() or member.islnk():
                findings.append(_link(member.name))
            elif member.isfile():
                budget.expand(member.size)
                content = archive.extractfile(member)
                if content is not None:
                    findings += look(cast("BinaryIO", content), member.size, member.name)[1]
            elif not member.isdir():
                findings.append(_odd("device", "it is neither file nor folder", member.name))
    return "tar", findings


def _path_findings(name: str) -> list[Finding]:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return [Finding("path-traversal", f"{name[:200]!r}", Verdict.DANGEROUS, name[:200])]
    return []


def _link(name: str) -> Finding:
    return Finding("link", "it points at another file", Verdict.DANGEROUS, name[:200])


def _odd(code: str, detail: str, where: str = "") -> Finding:
    return Finding(code, detail, Verdict.UNKNOWN, where[:200])
