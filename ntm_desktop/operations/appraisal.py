"""What the receiving office says about a commune's dossier: an opinion per indicator, and what it does with the whole.

The office writes them as its own changes about the commune's unit; they travel back in return packages, and the commune
reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ntm_desktop.errors import InvalidInput, ReadOnly
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.appraisal import DossierReturn, Opinion, OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import Assessment
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.devices import KeyRole
from ntm_desktop.model.fields import LONGEST_TEXT
from ntm_desktop.model.text import clean, natural_key
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.results import indicator_of
from ntm_desktop.operations.workspace import Workspace, unit_of
from ntm_desktop.store.store import EditName, UnitOfWork

REASONED = (OpinionVerdict.DISAGREED, OpinionVerdict.SUPPLEMENT)  # the commune must learn what to do


@dataclass(frozen=True, slots=True)
class Appraisal:
    """All that the office has said about one assessment, read at one moment."""

    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    returned: DossierReturn | None = None

    @property
    def open_codes(self) -> tuple[str, ...]:
        """Codes of the indicators about which the office wants something."""
        return tuple(code for code, opinion in self.opinions.items() if opinion.verdict in REASONED)


def appraisal(workspace: Workspace, assessment_id: str) -> Appraisal:
    """What the office has said about an assessment.

    Raises:
        NotFound: there is no such assessment here.
    """
    with workspace.store.read() as work:
        return read_appraisal(work, workspace.assessment(work, assessment_id))


def read_appraisal(work: UnitOfWork, assessment: Assessment) -> Appraisal:
    """The same within a transaction, indicators in their natural order."""
    rows, assessment_id = work.rows, assessment.assessment_id
    given = sorted(rows.opinions(assessment_id).items(), key=lambda item: natural_key(item[0]))
    return Appraisal(dict(given), rows.dossier_return(assessment_id))


def opinions(workspace: Workspace, assessment_id: str) -> Mapping[str, Opinion]:
    """The office's opinions by indicator code."""
    return appraisal(workspace, assessment_id).opinions


def returned(workspace: Workspace, assessment_id: str) -> DossierReturn | None:
    """What the office did with the dossier; None as long as it has not said."""
    return appraisal(workspace, assessment_id).returned


def save_opinion(
    workspace: Workspace, assessment_id: str, code: str, verdict: OpinionVerdict | str | None, note: str = ""
) -> Changes:
    """Write the office's opinion about one indicator of a commune; None takes it back.

    Raises:
        ReadOnly: this is no office's workspace, or the assessment is the office's own.
        NotFound: no such assessment or indicator.
        InvalidInput: an opinion that asks for something must say what; too long a note.
    """
    with workspace.store.write() as work:
        assessment = _appraised(workspace, work, assessment_id)
        indicator = indicator_of(workspace.catalogue_of(assessment), code)
        subject = f"{assessment.assessment_id}/{indicator.code}"
        value: JsonValue = None
        if verdict is not None:
            value = {"verdict": (chosen := _verdict(verdict)).value, "note": (words := _note(note))}
            if chosen in REASONED and not words:
                raise InvalidInput(
                    _("Chỉ tiêu {code}: chưa đồng ý hoặc cần bổ sung thì phải ghi rõ nội dung.").format(
                        code=indicator.code
                    ),
                    _("Chưa có gì thay đổi. Hãy ghi điều xã cần làm rồi lưu lại."),
                )
        name = EditName(N_("ghi ý kiến về chỉ tiêu {code}"), {"code": indicator.code}, f"appraisal:{subject}")
        records: dict[tuple[str, str], dict[str, JsonValue]] = {("appraisal", subject): {"opinion": value}}
        return workspace.write(work, records, name, assessment.unit_code)


def set_return(workspace: Workspace, assessment_id: str, status: ReturnStatus | str | None, note: str = "") -> Changes:
    """Write what the office does with a commune's dossier; None takes it back.

    Raises:
        ReadOnly: this is no office's workspace, or the assessment is the office's own.
        NotFound: no such assessment.
        InvalidInput: a dossier that goes back must go with what is to be added; too long a note.
    """
    with workspace.store.write() as work:
        assessment = _appraised(workspace, work, assessment_id)
        chosen = None if status is None else _status(status)
        words = "" if chosen is None else _note(note)
        if chosen is ReturnStatus.RETURNED and not words:
            raise InvalidInput(
                _("Trả lại hồ sơ thì phải ghi rõ nội dung cần bổ sung."),
                _("Chưa có gì thay đổi. Hãy ghi điều xã cần làm rồi lưu lại."),
            )
        values: dict[str, JsonValue] = {"status": None if chosen is None else chosen.value, "note": words or None}
        unit = unit_of(assessment.unit_code).full_name
        subject = f"dossier_return:{assessment.assessment_id}"
        name = EditName(N_("ghi tình trạng hồ sơ của {unit}"), {"unit": unit}, subject)
        record = ("dossier_return", assessment.assessment_id)
        return workspace.write(work, {record: values}, name, assessment.unit_code)


def _appraised(workspace: Workspace, work: UnitOfWork, assessment_id: str) -> Assessment:
    """An assessment about which this workspace may write as the office."""
    found = workspace.assessment(work, assessment_id)
    if work.local.role_towards(found.unit_code) is not KeyRole.OFFICE:
        raise ReadOnly(
            _("Ý kiến và tình trạng hồ sơ do cơ quan tiếp nhận ghi; tại đây chỉ được xem."),
            _("Chưa có gì thay đổi. Ý kiến của cơ quan tiếp nhận đến cùng gói phản hồi."),
        )
    return found


def _verdict(given: OpinionVerdict | str) -> OpinionVerdict:
    try:
        return OpinionVerdict(given)
    except ValueError:
        raise _unknown(given, [item.value for item in OpinionVerdict]) from None


def _status(given: ReturnStatus | str) -> ReturnStatus:
    try:
        return ReturnStatus(given)
    except ValueError:
        raise _unknown(given, [item.value for item in ReturnStatus]) from None


def _unknown(given: str, known: list[str]) -> InvalidInput:
    return InvalidInput(
        _("Không có «{name}».").format(name=given), _("Có thể chọn: {names}.").format(names=", ".join(known))
    )


def _note(given: str) -> str:
    words = clean(given or "")
    if len(words) > LONGEST_TEXT:
        raise InvalidInput(
            _("Nội dung dài {length} ký tự, nhiều nhất là {most}.").format(length=len(words), most=LONGEST_TEXT),
            _("Chưa có gì thay đổi. Hãy viết ngắn lại."),
        )
    return words
