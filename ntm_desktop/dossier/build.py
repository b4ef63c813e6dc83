"""From a frozen assessment to the documents of the dossier."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date

from ntm_desktop.dossier.document import Document
from ntm_desktop.dossier.report import build_report
from ntm_desktop.dossier.request import build_request
from ntm_desktop.dossier.tables import build_evidence_index, build_missing, build_self_assessment
from ntm_desktop.i18n import in_vietnamese
from ntm_desktop.model import issues as issue_rules
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.issues import Issue

SAMPLE_MARK = "HỒ SƠ MẪU - KHÔNG CÓ GIÁ TRỊ"


def build(
    assessed: Assessed,
    on: date,
    issues: Sequence[Issue] | None = None,
    sample: bool = False,
    documents: Collection[str] | None = None,
) -> tuple[Document, ...]:
    """The documents of the dossier in their order, in Vietnamese whatever language the window has.

    ``on`` is the day of printing; ``issues`` are found anew where none are given; ``sample`` marks every page as a
    sample; ``documents`` chooses by id.
    """
    found = issue_rules.find(assessed) if issues is None else tuple(issues)
    makers: dict[str, Callable[[], Document]] = {
        "to-trinh": lambda: build_request(assessed, on),
        "bao-cao": lambda: build_report(assessed, on),
        "bieu-tu-danh-gia": lambda: build_self_assessment(assessed, on),
        "muc-luc-minh-chung": lambda: build_evidence_index(assessed, on),
        "con-thieu": lambda: build_missing(assessed, on, found),
    }
    with in_vietnamese():
        made = [make() for document_id, make in makers.items() if documents is None or document_id in documents]
    return tuple(replace(document, mark=SAMPLE_MARK) if sample else document for document in made)
