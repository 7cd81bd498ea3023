from __future__ import annotations

import pytest

from policies.engines import mounts
from policies.engines.base import Module
from tests.policies.rego import bundle

SOURCE = "# package not.this\n# METADATA\n# title: x\npackage  a.b # here\n\nverdict := 1\n"


def test_mounting_changes_the_package_clause_and_nothing_else() -> None:
    module = Module("a/b.rego", SOURCE)

    text = mounts.mounted(module)

    assert text == SOURCE.replace("package  a.b", f"package  {mounts.mount_package(module)}")
    assert mounts.unmounted(text, module.digest) == SOURCE


def test_equal_text_mounts_at_one_place_and_other_text_elsewhere() -> None:
    one = Module("a/b.rego", SOURCE)
    other = Module("a/b.rego", SOURCE + "# changed\n")

    assert mounts.mount_id(one) == mounts.mount_id(Module("elsewhere.rego", SOURCE))
    assert mounts.mount_package(one) != mounts.mount_package(other)
    assert one.digest.removeprefix("sha256:") in mounts.mount_id(one)
    with pytest.raises(ValueError, match="not mounted under"):
        mounts.unmounted(mounts.mounted(one), other.digest)


def test_the_survey_names_every_package() -> None:
    asked = bundle("verdict := 1", "verdict := 2")

    text = mounts.survey(asked)

    assert text.startswith(f"package {mounts.survey_package(asked)}\n")
    assert [line for line in text.splitlines() if line.startswith("verdicts[")] == [
        f'verdicts["{module.package}"] := data.{mounts.mount_package(module)}.verdict'
        for module in asked.modules
    ]
