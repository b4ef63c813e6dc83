"""Tờ trình: the request for appraisal and recognition. It tells the numbers as they are and claims nothing more."""

from __future__ import annotations

from datetime import date

from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import (
    Addressee,
    Basis,
    Block,
    Document,
    FillIn,
    Heading,
    Metadata,
    Note,
    Paragraph,
    Title,
    lettered,
    text,
)
from ntm_desktop.dossier.letterhead import Letterhead, date_of, head_of, letterhead_of, number_of, signature_of
from ntm_desktop.dossier.procedure import Procedure, cited, procedure_of
from ntm_desktop.model.assessment import Assessed, Verdict
from ntm_desktop.model.catalogue import LegalBasis
from ntm_desktop.model.units import Level

NOT_READY = (
    "Bản in để rà soát. Theo kết quả đã nhập, {unit} chưa đáp ứng đầy đủ bộ tiêu chí: {standing}. "
    "Chưa đủ điều kiện để trình."
)
NOT_CONCLUDED = "Bản in để rà soát. Bộ tiêu chí chưa đủ chỉ tiêu nên chưa kết luận; chưa đủ điều kiện để trình."


def basis_lines(assessed: Assessed, procedure: Procedure) -> tuple[str, ...]:
    """Laws and decisions that a paper of the dossier rests upon, without the report itself."""
    catalogue = assessed.catalogue
    law = () if assessed.unit.level is Level.VILLAGE else ("Luật Tổ chức chính quyền địa phương",)
    title = "" if catalogue.basis.title else f" ban hành {catalogue.name}"
    changes = (
        cited(basis) if basis.title else f"{cited(basis)} sửa đổi, bổ sung {cited(LegalBasis(catalogue.basis.number))}"
        for basis in catalogue.amended_by
    )
    decisions = (f"{cited(catalogue.basis)}{title}", *changes)
    unknown = "Quy định của cấp có thẩm quyền về trình tự, thủ tục, hồ sơ xét, công nhận: " + "…" * 14
    return tuple(f"Căn cứ {line}" for line in (*law, *(procedure.bases or (unknown,)), *decisions))


def warning_of(assessed: Assessed, letterhead: Letterhead) -> Note | None:
    """What stands in a box on a paper that is printed before everything is met."""
    if not assessed.catalogue.indicators_complete:
        return Note(NOT_CONCLUDED, boxed=True)
    if phrases.fulfilled(assessed):
        return None
    return Note(NOT_READY.format(unit=letterhead.unit, standing=phrases.standing(assessed)), boxed=True)


def result_sentences(assessed: Assessed) -> list[str]:
    """Where the unit stands, as sentences: met, not met by name, not assessed."""
    if not assessed.catalogue.indicators_complete:
        return [phrases.incomplete_sentence(assessed)]
    said = [f"Tự đánh giá {phrases.standing(assessed)}."]
    for verdict, word in ((Verdict.NOT_MET, "chưa đạt"), (Verdict.NOT_ASSESSED, "chưa đánh giá")):
        left = phrases.left_over(assessed, verdict, word)
        if left:
            said.append(f"Còn {left}.")
    return said


def build_request(assessed: Assessed, on: date) -> Document:
    """The tờ trình."""
    letterhead = letterhead_of(assessed)
    year, standard = assessed.assessment.year, phrases.standard_of(assessed)
    procedure = procedure_of(assessed.catalogue)
    subject = f"Về việc đề nghị thẩm tra, xét, công nhận {letterhead.unit} {standard} năm {year}"
    report = f"{number_of(assessed, 'bao-cao')} {date_of(assessed, 'bao-cao', on)}"
    own = f"Theo Báo cáo số {report} của {letterhead.office} về kết quả tự đánh giá"
    blocks: list[Block] = [
        head_of(assessed, letterhead, "to-trinh", on),
        Title("TỜ TRÌNH", subject),
        Addressee(letterhead.receivers),
    ]
    warning = warning_of(assessed, letterhead)
    if warning:
        blocks.insert(2, warning)
    blocks.append(Basis((*basis_lines(assessed, procedure), own)))
    blocks.append(
        Paragraph(
            text(
                f"{letterhead.office} báo cáo kết quả tự đánh giá thực hiện {assessed.catalogue.name} năm {year} và "
                f"trình {listed_receivers(letterhead)} như sau:"
            )
        )
    )
    blocks.append(Heading(2, "1.", "Kết quả tự đánh giá"))
    blocks.extend(Paragraph(text(sentence)) for sentence in result_sentences(assessed))
    blocks.append(Heading(2, "2.", "Các điều kiện khác"))
    blocks.extend(
        FillIn(f"{lettered(place)} {condition}:", 1)
        for place, condition in enumerate(conditions_of(assessed, procedure))
    )
    blocks.append(Heading(2, "3.", "Hồ sơ kèm theo"))
    blocks.extend(Paragraph(text(f"{lettered(place)} {paper}")) for place, paper in enumerate(_attached(report, year)))
    blocks.append(Paragraph(text(_closing(assessed, letterhead, standard))))
    blocks.append(signature_of(letterhead))
    metadata = Metadata(letterhead.agency, subject, ("nông thôn mới", "tờ trình", str(year)))
    return Document("to-trinh", f"Tờ trình {subject[:1].lower()}{subject[1:]}", tuple(blocks), metadata=metadata)


def conditions_of(assessed: Assessed, procedure: Procedure) -> tuple[str, ...]:
    """Conditions of recognition beside the set's indicators: the set's own, then the procedure's."""
    told = "Đạt các tiêu chí"  # a condition that the results themselves answer
    own = tuple(condition for condition in assessed.catalogue.conditions if not condition.startswith(told))
    if any("hài lòng" in condition for condition in own):
        return (*own, *(condition for condition in procedure.conditions if "hài lòng" not in condition))
    return (*own, *procedure.conditions)


def listed_receivers(letterhead: Letterhead) -> str:
    """The addressees inside a sentence."""
    return ", ".join(letterhead.receivers)


def _attached(report: str, year: int) -> tuple[str, ...]:
    return (
        f"Báo cáo số {report} về kết quả tự đánh giá năm {year};",
        "Biểu tổng hợp kết quả tự đánh giá từng tiêu chí (Phụ lục I kèm theo Báo cáo);",
        "Mục lục minh chứng theo tiêu chí, chỉ tiêu (Phụ lục II kèm theo Báo cáo).",
    )


def _closing(assessed: Assessed, letterhead: Letterhead, standard: str) -> str:
    receivers = listed_receivers(letterhead)
    if phrases.fulfilled(assessed):
        return (
            f"{letterhead.office} kính đề nghị {receivers} xem xét, thẩm tra và trình cấp có thẩm quyền xét, công nhận "
            f"{letterhead.unit} {standard} năm {assessed.assessment.year}./."
        )
    return (
        f"{letterhead.office} báo cáo tình hình nêu trên, tiếp tục thực hiện các nội dung chưa đạt, chưa đánh giá và "
        f"kính đề nghị {receivers} xem xét, hướng dẫn {letterhead.unit} hoàn thiện./."
    )
