"""What a dossier needs beside results and evidence, as one table: kinds of records, their fields, who writes them.

The journal's fields, the tables of the store, the forms of the window, the sheets of Excel and the command line all
follow from it. A record of a kind that is ``single`` has the id ``self``. A record is there as long as any field of it
has a value: to remove it is to clear them all, so that what somebody else wrote meanwhile is never hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

SELF = "self"  # id of the one record of a single kind


def N_(text: str) -> str:  # noqa: N802 - the name by which texts are collected
    """Mark a text that the rooms above translate where they show it."""
    return text


class FieldType(StrEnum):
    """What a field holds, and how it is stored in the journal."""

    LINE = "line"  # one line of text
    TEXT = "text"  # paragraphs
    DATE = "date"  # ISO date
    TIME = "time"  # «HH:MM»
    YEAR = "year"  # whole number
    COUNT = "count"  # whole number, 0 or more
    AMOUNT = "amount"  # decimal in the journal's plain form: million đồng, km², percent
    CHOICE = "choice"  # id of one of the choices
    FLAG = "flag"  # true or false


class Writer(StrEnum):
    """Whose computers may write a kind."""

    COMMUNE = "commune"
    OFFICE = "office"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a field offers."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record. ``required``: the dossier asks for it before printing; ``unit`` stands behind a number."""

    id: str
    name: str
    type: FieldType = FieldType.LINE
    required: bool = False
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of record. ``of_unit``: it belongs to the unit, not to one assessment."""

    id: str  # also the journal's entity and the table's name
    name: str
    fields: tuple[Field, ...]
    single: bool = False
    writer: Writer = Writer.COMMUNE
    of_unit: bool = False
    note: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """Fields by id."""
        return {item.id: item for item in self.fields}


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands. ``values``: field id → stored value; what is blank is absent."""

    kind: str
    record_id: str
    values: Mapping[str, str | int | bool] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field's value as plain text, empty where blank."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> int | None:
        """A year or count."""
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def _choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(*pair) for pair in pairs)


_PAPER = (
    Field("number", N_("Số, ký hiệu")),
    Field("issued", N_("Ngày ký"), FieldType.DATE),
    Field(
        "capacity",
        N_("Ký với tư cách"),
        FieldType.CHOICE,
        choices=_choices(
            ("TM", N_("TM. (thay mặt tập thể)")),
            ("KT", N_("KT. (cấp phó ký thay)")),
            ("TL", N_("TL. (thừa lệnh)")),
            ("TUQ", N_("TUQ. (thừa ủy quyền)")),
            ("Q", N_("Q. (quyền)")),
        ),
    ),
    Field("signer_title", N_("Chức vụ người ký")),
    Field("signer_name", N_("Họ tên người ký")),
    Field("addressee", N_("Kính gửi"), FieldType.TEXT, note=N_("Mỗi nơi một dòng")),
    Field("receivers", N_("Nơi nhận"), FieldType.TEXT, note=N_("Mỗi nơi một dòng")),
    Field("signed", N_("Đã ký, đóng dấu"), FieldType.FLAG),
)

KINDS: tuple[Kind, ...] = (
    Kind(
        "general",
        N_("Tình hình chung"),
        (
            Field("area", N_("Diện tích tự nhiên"), FieldType.AMOUNT, unit="km²"),
            Field("villages", N_("Số thôn, bản"), FieldType.COUNT, required=True),
            Field("households", N_("Số hộ"), FieldType.COUNT, True, N_("hộ")),
            Field("population", N_("Dân số"), FieldType.COUNT, True, N_("người")),
            Field("minority", N_("Tỷ lệ đồng bào dân tộc thiểu số"), FieldType.AMOUNT, unit="%"),
            Field("poor", N_("Số hộ nghèo"), FieldType.COUNT, unit=N_("hộ")),
            Field("near_poor", N_("Số hộ cận nghèo"), FieldType.COUNT, unit=N_("hộ")),
            Field("income", N_("Thu nhập bình quân đầu người"), FieldType.AMOUNT, unit=N_("triệu đồng/người/năm")),
            Field("formed_from", N_("Thành lập trên cơ sở các xã cũ")),
            Field("merged_by", N_("Nghị quyết sắp xếp đơn vị hành chính")),
        ),
        single=True,
    ),
    Kind(
        "publication",
        N_("Công khai lấy ý kiến"),
        (
            Field("posted_from", N_("Niêm yết từ ngày"), FieldType.DATE, required=True),
            Field("posted_to", N_("Đến ngày"), FieldType.DATE, required=True),
            Field("places", N_("Nơi niêm yết"), FieldType.TEXT),
            Field("broadcasts", N_("Số lần phát trên truyền thanh"), FieldType.COUNT, True, N_("lần")),
            Field("sent_on", N_("Ngày gửi báo cáo lấy ý kiến"), FieldType.DATE),
        ),
        single=True,
    ),
    Kind(
        "meeting",
        N_("Cuộc họp, bỏ phiếu"),
        (
            Field(
                "purpose",
                N_("Nội dung họp"),
                FieldType.CHOICE,
                True,
                choices=_choices(
                    ("recommend", N_("Thảo luận, bỏ phiếu đề nghị xét, công nhận")),
                    ("assess", N_("Rà soát, tự đánh giá")),
                    ("people", N_("Lấy ý kiến Nhân dân")),
                    ("steering", N_("Chỉ đạo, điều hành")),
                ),
            ),
            Field("held_on", N_("Ngày họp"), FieldType.DATE, True),
            Field("begins", N_("Bắt đầu lúc"), FieldType.TIME),
            Field("ends", N_("Kết thúc lúc"), FieldType.TIME),
            Field("place", N_("Địa điểm"), required=True),
            Field("chair", N_("Chủ trì"), required=True),
            Field("chair_title", N_("Chức vụ chủ trì")),
            Field("secretary", N_("Thư ký"), required=True),
            Field("secretary_title", N_("Chức vụ thư ký")),
            Field("composition", N_("Thành phần dự họp"), FieldType.TEXT, note=N_("Mỗi thành phần một dòng")),
            Field("invited", N_("Số đại biểu được mời"), FieldType.COUNT, unit=N_("người")),
            Field("present", N_("Số đại biểu có mặt"), FieldType.COUNT, True, N_("người")),
            Field("agreed", N_("Số phiếu nhất trí"), FieldType.COUNT, True, N_("phiếu")),
            Field("disagreed", N_("Số phiếu không nhất trí"), FieldType.COUNT, unit=N_("phiếu")),
            Field("blank", N_("Số phiếu không hợp lệ, ý kiến khác"), FieldType.COUNT, unit=N_("phiếu")),
            Field("content", N_("Diễn biến, ý kiến thảo luận"), FieldType.TEXT),
            Field("conclusion", N_("Kết luận"), FieldType.TEXT),
        ),
    ),
    Kind(
        "opinion",
        N_("Ý kiến góp ý"),
        (
            Field(
                "giver",
                N_("Bên góp ý"),
                FieldType.CHOICE,
                True,
                choices=_choices(
                    ("front", N_("Ủy ban Mặt trận Tổ quốc Việt Nam xã")),
                    ("organisation", N_("Tổ chức chính trị - xã hội")),
                    ("people", N_("Nhân dân")),
                ),
            ),
            Field("name", N_("Tên tổ chức, thôn"), required=True),
            Field("number", N_("Số văn bản")),
            Field("issued", N_("Ngày văn bản"), FieldType.DATE),
            Field("asked", N_("Số người được lấy ý kiến"), FieldType.COUNT, unit=N_("người")),
            Field("agreed", N_("Số ý kiến nhất trí"), FieldType.COUNT, unit=N_("ý kiến")),
            Field("content", N_("Nội dung góp ý"), FieldType.TEXT),
            Field(
                "taken",
                N_("Kết quả xử lý"),
                FieldType.CHOICE,
                choices=_choices(
                    ("agreed", N_("Nhất trí, không có ý kiến khác")),
                    ("accepted", N_("Tiếp thu")),
                    ("explained", N_("Giải trình")),
                ),
            ),
            Field("response", N_("Nội dung tiếp thu, giải trình"), FieldType.TEXT),
        ),
    ),
    Kind(
        "money",
        N_("Nguồn lực huy động"),
        (
            Field(
                "source",
                N_("Nguồn vốn"),
                FieldType.CHOICE,
                True,
                choices=_choices(
                    ("central", N_("Ngân sách trung ương")),
                    ("province", N_("Ngân sách tỉnh")),
                    ("district", N_("Ngân sách huyện (trước 01/7/2025)")),
                    ("commune", N_("Ngân sách xã")),
                    ("integrated", N_("Vốn lồng ghép chương trình, dự án khác")),
                    ("credit", N_("Vốn tín dụng")),
                    ("enterprise", N_("Doanh nghiệp, hợp tác xã")),
                    ("people", N_("Nhân dân đóng góp")),
                    ("other", N_("Nguồn khác")),
                ),
            ),
            Field("year", N_("Năm"), FieldType.YEAR, True),
            Field("planned", N_("Kế hoạch"), FieldType.AMOUNT, unit=N_("triệu đồng")),
            Field("raised", N_("Đã huy động"), FieldType.AMOUNT, True, N_("triệu đồng")),
            Field("spent", N_("Đã giải ngân"), FieldType.AMOUNT, unit=N_("triệu đồng")),
            Field("note", N_("Ghi chú")),
        ),
    ),
    Kind(
        "debt",
        N_("Nợ đọng xây dựng cơ bản"),
        (
            Field("project", N_("Tên công trình, dự án"), required=True),
            Field("decision", N_("Quyết định phê duyệt")),
            Field("year", N_("Năm hoàn thành"), FieldType.YEAR),
            Field("total", N_("Tổng mức đầu tư"), FieldType.AMOUNT, unit=N_("triệu đồng")),
            Field("accepted", N_("Giá trị khối lượng đã nghiệm thu"), FieldType.AMOUNT, True, N_("triệu đồng")),
            Field("paid", N_("Vốn đã thanh toán"), FieldType.AMOUNT, True, N_("triệu đồng")),
            Field("plan", N_("Phương án xử lý, thời hạn")),
        ),
        note=N_("Nợ đọng = giá trị đã nghiệm thu trừ vốn đã thanh toán."),
    ),
    Kind(
        "debt_state",
        N_("Cam kết về nợ đọng"),
        (
            Field("none", N_("Không có nợ đọng xây dựng cơ bản"), FieldType.FLAG),
            Field("until", N_("Số liệu tính đến ngày"), FieldType.DATE, True),
            Field("confirmed_by", N_("Văn bản xác nhận")),
        ),
        single=True,
    ),
    Kind(
        "poll",
        N_("Lấy ý kiến hài lòng"),
        (
            Field("led_by", N_("Cơ quan chủ trì"), required=True),
            Field("sheet", N_("Mẫu phiếu")),
            Field(
                "form",
                N_("Hình thức"),
                FieldType.CHOICE,
                choices=_choices(
                    ("home", N_("Phát phiếu trực tiếp tại hộ")),
                    ("meeting", N_("Họp khu dân cư, phát phiếu")),
                    ("online", N_("Bằng công nghệ thông tin")),
                ),
            ),
            Field("began", N_("Từ ngày"), FieldType.DATE),
            Field("ended", N_("Đến ngày"), FieldType.DATE),
            Field("number", N_("Số báo cáo kết quả")),
            Field("issued", N_("Ngày báo cáo"), FieldType.DATE),
        ),
        single=True,
        note=N_("Chỉ ghi số phiếu; không ghi tên người trả lời."),
    ),
    Kind(
        "poll_question",
        N_("Nội dung hỏi"),
        (
            Field("place", N_("Thứ tự"), FieldType.COUNT, True),
            Field("text", N_("Nội dung hỏi"), required=True),
        ),
    ),
    Kind(
        "poll_village",
        N_("Số phiếu theo thôn"),
        (
            Field("name", N_("Thôn, bản"), required=True),
            Field("households", N_("Tổng số hộ"), FieldType.COUNT, True, N_("hộ")),
            Field("sent", N_("Số phiếu phát ra"), FieldType.COUNT, True, N_("phiếu")),
            Field("returned", N_("Số phiếu thu về"), FieldType.COUNT, unit=N_("phiếu")),
            Field("valid", N_("Số phiếu hợp lệ"), FieldType.COUNT, True, N_("phiếu")),
        ),
    ),
    Kind(
        "poll_count",  # record id: «village's record id».«question's record id»
        N_("Số hộ hài lòng"),
        (Field("satisfied", N_("Số phiếu hài lòng"), FieldType.COUNT, True, N_("phiếu")),),
    ),
    Kind(
        "condition",  # record id: id of a condition of the procedure
        N_("Điều kiện công nhận"),
        (
            Field("holds", N_("Đáp ứng"), FieldType.FLAG, True),
            Field("number", N_("Văn bản xác nhận")),
            Field("issued", N_("Ngày văn bản"), FieldType.DATE),
            Field("note", N_("Ghi chú")),
        ),
    ),
    Kind(
        "setting",  # record id: id of a setting of the procedure: the local value of what nobody has seen for certain
        N_("Quy định của địa phương"),
        (
            Field("value", N_("Giá trị")),
            Field("basis", N_("Văn bản quy định"), required=True),
            Field("issued", N_("Ngày văn bản"), FieldType.DATE),
        ),
    ),
    Kind("procedure", N_("Thủ tục áp dụng"), (Field("chosen", N_("Thủ tục")),), single=True),
    Kind(
        "photo",
        N_("Ảnh trong phụ lục"),
        (  # record id: the piece of evidence
            Field("caption", N_("Chú thích")),
            Field("place", N_("Thứ tự"), FieldType.COUNT),
            Field("left_out", N_("Không đưa vào phụ lục"), FieldType.FLAG),
        ),
    ),
    Kind("document", N_("Văn bản"), _PAPER),  # record id: the document
    Kind("section", N_("Nội dung soạn"), (Field("text", N_("Nội dung"), FieldType.TEXT),)),  # «document».«section»
    Kind("appraisal_document", N_("Văn bản thẩm tra"), _PAPER, writer=Writer.OFFICE),
    Kind(
        "appraisal_section",
        N_("Nội dung thẩm tra soạn"),
        (Field("text", N_("Nội dung"), FieldType.TEXT),),
        writer=Writer.OFFICE,
    ),
    Kind(
        "form_file",  # record id: «template.bao-cao» or «procedure.qd-18-2022»: the province's own in place of ours
        N_("Mẫu văn bản, thủ tục của địa phương"),
        (Field("name", N_("Tên")), Field("text", N_("Nội dung tệp"), FieldType.TEXT)),
        writer=Writer.BOTH,
        of_unit=True,
    ),
)
BY_ID: Mapping[str, Kind] = {kind.id: kind for kind in KINDS}
LISTS = tuple(
    kind.id
    for kind in KINDS
    if kind.id
    in {
        "meeting",
        "opinion",
        "money",
        "debt",
        "poll_question",
        "poll_village",
    }
)  # records that a person adds and removes; the others follow from what they belong to


def of_kind(records: Iterable[Record], kind: str) -> tuple[Record, ...]:
    """The records of one kind."""
    return tuple(record for record in records if record.kind == kind)
