"""Every attack that is known to the tests is called dangerous, however it is wrapped."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import pickletools
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from registry.scanning import Verdict
from tests.registry.scanning.files import (
    ATTACKS,
    Calls,
    array_file,
    legacy_torch_file,
    look,
    onnx_file,
    torch_file,
    zipped,
)


def tarred(content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("model.pkl")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "bare": lambda pickled: pickled,
    "without its end": lambda pickled: pickled[:-1],
    "after a harmless pickle": lambda pickled: pickle.dumps({"a": 1}) + pickled,
    "before garbage": lambda pickled: pickled + b"\xff" * 100,
    "in a torch file": torch_file,
    "in a torch file of old": legacy_torch_file,
    "in a zip": lambda pickled: zipped({"weights.bin": pickled}),
    "in a zip that is compressed": lambda pickled: zipped(
        {"weights.bin": pickled}, compression=zipfile.ZIP_DEFLATED
    ),
    "in a zip in a zip": lambda pickled: zipped({"a.zip": zipped({"b.pkl": pickled})}),
    "before a zip": lambda pickled: pickled + zipped({"a.txt": b"text"}),
    "in a tar": tarred,
    "in gzip": gzip.compress,
    "in bzip2": bz2.compress,
    "in xz": lzma.compress,
    "in zlib, as joblib does": zlib.compress,
    "as bytes in another pickle": lambda pickled: pickle.dumps({"inner": pickled}),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_dangerous_in_every_wrapping(name: str, wrapping: str) -> None:
    # As bytes of another pickle, only pickles that bear their protocol are recognised.
    for protocol in range(2 if wrapping.startswith("as bytes") else 0, 6):
        content = WRAPPINGS[wrapping](pickle.dumps(ATTACKS[name], protocol))

        assert look(content).verdict is Verdict.DANGEROUS, f"protocol {protocol}"


def test_an_array_of_objects_is_a_pickle() -> None:
    attack = np.array([ATTACKS["os.system"]], dtype=object)

    assert look(array_file(attack)).verdict is Verdict.DANGEROUS
    assert look(zipped({"a.npy": array_file(attack)})).verdict is Verdict.DANGEROUS


BY_HAND: dict[str, bytes] = {
    "INST": b"(S'id'\nios\nsystem\n.",
    "OBJ": b"(cos\nsystem\nS'id'\no.",
    "a module under an escape": b"V\\u006fs\nVsystem\n\x93(S'id'\ntR.",
    "a name from the memo": (
        b"\x80\x04\x8c\x02osq\x05\x8c\x06systemq\x060h\x05h\x06\x93\x8c\x02id\x85R."
    ),
    "a memo key that int() reads": (
        b"\x80\x04\x8c\x02osp1_0\n0\x8c\x06systemp7\n0g10\ng 7\n\x93\x8c\x02id\x85R."
    ),
    "a name that is computed": b"\x80\x04cbuiltins\nstr\n\x8c\x02os\x85R\x8c\x06system\x93.",
    "an attribute of something allowed": (
        b"\x80\x04\x8c\x0bcollections\x8c\x22OrderedDict.__init__.__globals__.a\x93."
    ),
    "a module re-exported by another": b"\x80\x04\x8c\x05numpy\x8c\x09os.system\x93.",
    "the names of Python 2": b"c__builtin__\neval\n(S'1'\ntR.",
    "what is popped again": b"\x80\x02cos\nsystem\n0N.",
    "a mark that is popped": b"\x80\x02(0cos\nsystem\nX\x02\x00\x00\x00id\x85R.",
    "numpy's runner": b"cnumpy.testing._private.utils\nrunstring\n(S'1'\n}tR.",
    "torch's loader": b"\x80\x02ctorch.storage\n_load_from_bytes\nC\x00\x85R.",
}


@pytest.mark.parametrize("name", BY_HAND)
def test_what_only_a_hand_would_write_is_dangerous_too(name: str) -> None:
    assert look(BY_HAND[name]).verdict is Verdict.DANGEROUS


@pytest.mark.parametrize(
    "name", [name for name in BY_HAND if name != "a memo key that int() reads"]
)
def test_the_hand_written_ones_are_pickles(name: str) -> None:
    # genops reads what this interpreter's unpicklers read, but for spellings of numbers.
    assert list(pickletools.genops(BY_HAND[name]))


FILES: dict[str, tuple[bytes, str]] = {
    "a way out of a zip": (zipped({"../../etc/cron.d/x": b"text"}), "path-traversal"),
    "an absolute path in a zip": (zipped({"/etc/x": b"text"}), "path-traversal"),
    "a Keras layer with code": (
        zipped({"config.json": b'{"layers":[{"class_name":"Lambda"}]}', "metadata.json": b"{}"}),
        "lambda-layer",
    ),
    "a Keras layer with code in HDF5": (
        b"\x89HDF\r\n\x1a\n" + bytes(900_000) + b'"class_name": "Lambda"',
        "lambda-layer",
    ),
    "YAML that makes objects": (b"a: !!python/object/apply:os.system ['id']\n", "yaml-object"),
    "tensors outside of an ONNX model's folder": (
        onnx_file(location="../../etc/passwd"),
        "path-traversal",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_attacks_of_other_formats_are_dangerous(name: str) -> None:
    content, code = FILES[name]

    report = look(content)

    assert report.verdict is Verdict.DANGEROUS
    assert report.findings[0].code == code


def test_a_link_in_an_archive_is_dangerous() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("weights.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)

    assert look(out.getvalue()).verdict is Verdict.DANGEROUS


def test_a_finding_tells_where_it_is() -> None:
    inner = zipped({"deep/b.pkl": pickle.dumps(ATTACKS["os.system"])})

    found = look(zipped({"a.zip": inner})).findings[0]

    assert (found.where, found.code) == ("a.zip/deep/b.pkl", "global")
    assert found.detail.endswith(".system")


def test_functions_that_nobody_listed_are_not_let_through() -> None:
    class Unlisted(Calls):
        def __init__(self, function: Any) -> None:
            super().__init__(function)

    assert look(pickle.dumps(Unlisted(look))).verdict is Verdict.UNKNOWN
