"""Look into one file: tell its format by its content, and what loading it could do."""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

from registry.scanning import archives, graphs, packed, pickles, tensors, texts
from registry.scanning.limits import Budget, TooMuch
from registry.scanning.verdicts import Finding, Report, Verdict, worst

HEAD = 512
HDF5 = b"\x89HDF\r\n\x1a\n"
NATIVE = (b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf")
# Formats whose own structure, being sound, tells that there is nothing to run.
SOUND = frozenset(
    {
        "empty",
        "safetensors",
        "gguf",
        "onnx",
        "npy",
        "npz",
        "json",
        "text",
        "torch",
        "keras",
        "zip",
        "tar",
    }
)
PACKED = frozenset(["gzip", "bzip2", "xz", "zlib"])
# What a file that is not what it claims to be makes the readers of its format raise.
MALFORMED = (
    ValueError,
    EOFError,
    struct.error,
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    OSError,
    KeyError,
    IndexError,
    OverflowError,
    NotImplementedError,
    RecursionError,
    MemoryError,
    SyntaxError,
)


def scan(file: BinaryIO, size: int, *, tick: Callable[[], None] = lambda: None) -> Report:
    """Return what ``file``, a seekable one of ``size`` bytes, is and what loading it could do.

    Nothing is unpickled, imported or run. Whatever cannot be read to its end is at best unknown.
    ``tick`` is called every few milliseconds; what it raises is raised, unless it is an error of
    a file's format.
    """
    look = _Look(Budget(tick))
    kind, findings = look.inside(file, size, "")
    verdict = worst(finding.verdict for finding in findings)
    ordered = sorted(findings, key=lambda finding: finding.verdict is not Verdict.DANGEROUS)
    return Report(kind, verdict, tuple(ordered))


class _Look:
    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._depth = 0

    def inside(self, file: BinaryIO, size: int, where: str) -> tuple[str, list[Finding]]:
        """Return the format and findings of one file, found at ``where`` in its surroundings."""
        self._depth += 1
        kind, findings = "unknown", list[Finding]()
        try:
            if self._depth > self._budget.depth:
                raise TooMuch("files lie in files deeper than is looked at")
            kind, findings = self._told(file, size)
        except TooMuch as error:
            findings = [*findings, Finding("too-much", str(error), Verdict.UNKNOWN)]
        except MALFORMED as error:
            reason = f"{type(error).__name__}: {error}"[:300]
            findings = [*findings, Finding("malformed", reason, Verdict.UNKNOWN)]
        finally:
            self._depth -= 1
        if kind not in SOUND | PACKED | {"pickle"} and not findings:
            findings = [Finding("format", f"nothing is known of {kind}", Verdict.UNKNOWN)]
        return kind, [_placed(finding, where) for finding in findings]

    def _told(self, file: BinaryIO, size: int) -> tuple[str, list[Finding]]:
        file.seek(0)
        head = file.read(HEAD)
        file.seek(0)
        if size == 0:
            return "empty", []
        if head.startswith(archives.LOCAL_HEADER):
            return archives.look_into_zip(file, self._budget, self.inside)
        kind, findings = self._plain(file, size, head)
        # A zip file is found by its end: whoever reads this one as a zip must not be surprised.
        file.seek(0)
        if zipfile.is_zipfile(file):
            file.seek(0)
            found = archives.look_into_zip(file, self._budget, self.inside)[1]
            detail = f"it is a zip file as well as {kind}"
            findings = [*findings, *found, Finding("polyglot", detail, Verdict.UNKNOWN)]
        return kind, findings

    def _plain(self, file: BinaryIO, size: int, head: bytes) -> tuple[str, list[Finding]]:
        if tensors.looks_like_safetensors(head, size):
            return "safetensors", tensors.check_safetensors(file, size)
        if head.startswith(b"GGUF"):
            return "gguf", tensors.check_gguf(file, size)
        if head.startswith(b"\x93NUMPY"):
            return self._array(file, size)
        if head.startswith(HDF5):
            return "hdf5", self._hdf5(file)
        if head.startswith(NATIVE):
            return "native", [Finding("native-code", "it is a program", Verdict.UNKNOWN)]
        if head[257:262] == b"ustar":
            return archives.look_into_tar(file, self._budget, self.inside)
        if packing := packed.packing_of(head):
            return self._packed(file, packing)
        return self._unmarked(file, size)

    def _packed(self, file: BinaryIO, packing: str) -> tuple[str, list[Finding]]:
        content, size = packed.unpacked(file, packing, self._budget)
        with content:
            return packing, self.inside(content, size, "content")[1]

    def _array(self, file: BinaryIO, size: int) -> tuple[str, list[Finding]]:
        if not tensors.array_holds_objects(file):
            return "npy", []
        return "npy", self._pickled(pickles.follow(file, size, self._budget))

    def _hdf5(self, file: BinaryIO) -> list[Finding]:
        rest = b""
        while chunk := file.read(256 * 1024):
            self._budget.breathe()
            if b'"Lambda"' in rest + chunk:
                detail = "a Keras layer of class Lambda runs code from the file"
                return [Finding("lambda-layer", detail, Verdict.DANGEROUS)]
            rest = chunk[-16:]
        return [Finding("format", "HDF5 is not read through", Verdict.UNKNOWN)]

    def _unmarked(self, file: BinaryIO, size: int) -> tuple[str, list[Finding]]:
        """Tell pickles, texts and ONNX models, which bear no mark, apart.

        A text may be a pickle too: it is one if unpickling it would get as far as calling
        something, or through.
        """
        found = pickles.follow(file, size, self._budget)
        file.seek(0)
        is_text = texts.is_text(file, self._budget)
        does_something = found.has_called or any(
            finding.verdict is Verdict.DANGEROUS for finding in found.findings
        )
        starts_like_one = not is_text and (found.count > 0 or found.findings)
        if does_something or starts_like_one or (found.count and not found.trailing):
            return "pickle", self._pickled(found)
        file.seek(0)
        if is_text:
            return texts.check_text(file, size, self._budget)
        try:
            return "onnx", graphs.check_onnx(file, size, self._budget)
        except graphs.NotOnnx:
            return "unknown", []

    def _pickled(self, found: pickles.Pickles) -> list[Finding]:
        findings = list(found.findings)
        for data in found.embedded:
            nested = self.inside(pickles.as_file(data), len(data), "bytes")[1]
            findings += [one for one in nested if one.verdict is Verdict.DANGEROUS]
        if found.broken:
            detail = f"it cannot be followed to its end: {found.broken}"
            findings.append(Finding("broken-pickle", detail, Verdict.UNKNOWN))
        return findings


def _placed(finding: Finding, where: str) -> Finding:
    if not where:
        return finding
    path = f"{where}/{finding.where}" if finding.where and finding.where != where else where
    return replace(finding, where=path[:500])
