"""Which files a report can have: of the assessment, and about a version its dossier's."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from audits.dossiers.formats import DOSSIER_FORMATS, formats_of
from audits.reports.formats import FORMATS, STANDARD
from audits.reports.render_pdf import INSTALL

# What an optional part consists of, by its name in the distribution's extras.
EXTRAS = {"pdf": ("weasyprint", "reportlab")}
NAMES = (*FORMATS, *DOSSIER_FORMATS)


@dataclass(frozen=True)
class FileForm:
    """How a file is served: ``suffix`` is what its name ends with, from the first dot on."""

    media_type: str
    suffix: str
    is_page: bool


def form_of(name: str) -> FileForm:
    """Return how the files of a format are served; raises KeyError for an unknown one."""
    if found := FORMATS.get(name):
        return FileForm(found.media_type, found.suffix or f".{name}", found.is_page)
    form = DOSSIER_FORMATS[name]
    return FileForm(form.media_type, form.suffix, form.is_page)


def journal_key(name: str) -> str:
    """Return a format's name as the journal, which knows letters, digits and ``_``, has it."""
    return name.replace("-", "_").replace(".", "_")


def standard(*, kind: str | None, is_assessed: bool) -> list[str]:
    """Return what is rendered unless somebody asks for more: of a version of ``kind``, or of a
    scan where that is None; ``is_assessed`` where there is an assessment."""
    assessed = list(STANDARD) if is_assessed else []
    return [*assessed, *(formats_of(kind) if kind else ())]


def refusal(name: str, *, kind: str | None, is_assessed: bool) -> str:
    """Return why there can be no such file of it; empty where there can."""
    if name in FORMATS:
        if not is_assessed:
            return f"{name!r} tells of a scan, and no complete one by then covers the workspace"
        return _lacking(name, FORMATS[name].extra)
    if name not in DOSSIER_FORMATS:
        return f"{name[:40]!r} is none of {', '.join(NAMES)}"
    if kind is None:
        return f"{name!r} tells of one version: give `version`"
    if not DOSSIER_FORMATS[name].applies_to(kind):
        return f"{name!r} does not tell of a {kind}"
    return ""


def _lacking(name: str, extra: str) -> str:
    modules = EXTRAS.get(extra, ())
    if all(find_spec(module) for module in modules):
        return ""
    return f"{name!r} needs the optional part {extra!r}: {INSTALL}"
