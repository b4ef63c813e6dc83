"""The hand-over slip: one page that goes with a package from hand to hand and is signed by both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ntm_desktop import wording
from ntm_desktop.dossier.document import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    Metadata,
    Note,
    OfficialHead,
    Paragraph,
    QrCode,
    Row,
    Run,
    SignatureBlock,
    Signer,
    Table,
    Text,
    Title,
    cell,
    text,
)
from ntm_desktop.dossier.letterhead import unit_letterhead
from ntm_desktop.dossier.phrases import counted, long_date
from ntm_desktop.i18n import in_vietnamese
from ntm_desktop.model.assessment import UnitProfile
from ntm_desktop.model.text import one_line
from ntm_desktop.model.units import Unit

KIND = "PHIẾU GIAO NHẬN GÓI DỮ LIỆU"
MOST_LISTED = 12  # more packages do not fit on the page, and their ids not into a code that a telephone reads
LONGEST_NAME = 120  # of a unit or computer


class Closing(StrEnum):
    """Who can open the package."""

    KEYS = "keys"
    PASSPHRASE = "passphrase"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Side:
    """Who gives or who takes. What is not known is left as dots to be filled in by hand."""

    name: str = ""  # «Xã Sơn Bình, Tỉnh Lai Châu»
    computer: str = ""
    fingerprint: str = ""  # six groups of five digits


@dataclass(frozen=True, slots=True)
class SlipPart:
    """One package of an export: its number, its id (32 hexadecimal digits), its size in bytes."""

    number: int
    package_id: str
    size: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the slip says. ``parts`` are the packages at hand, of ``of`` that the export was written in."""

    unit: str  # whose data it is, inside a sentence: «xã Sơn Bình»
    issuer: Unit  # who prints the slip, with what it says of itself
    profile: UnitProfile
    giver: Side
    taker: Side
    export_id: str
    parts: tuple[SlipPart, ...]
    of: int
    sequence: int
    created_at: datetime
    changes: int | None  # None: what it holds cannot be read here
    files: int | None
    closing: Closing
    openers: tuple[str, ...] = ()  # names of those who can open it


def build_slip(given: HandOver) -> Document:
    """The slip as a document of one page, in Vietnamese whatever language the window has."""
    with in_vietnamese():
        letterhead = unit_letterhead(given.issuer, given.profile)
        day = given.created_at.astimezone(wording.VIETNAM).date()
        subject = f"Dữ liệu hồ sơ nông thôn mới của {_short(given.unit)}"
        blocks: tuple[Block, ...] = (
            OfficialHead(
                _short(letterhead.superior),
                _short(letterhead.agency),
                "",
                f"{_short(letterhead.place)}, {long_date(day)}",
            ),
            Title(KIND, subject),
            _sides(given),
            _contents(given),
            QrCode(qr_content(given), tuple(_ids(given))),
            *(Note(line) for line in _advice(given)),
            Paragraph(text("Giao nhận lúc …… giờ …… phút, ngày …… tháng …… năm ………"), indent=False),
            SignatureBlock(_signer("BÊN NHẬN"), left=_signer("BÊN GIAO")),
        )
    metadata = Metadata(letterhead.agency, subject, ("nông thôn mới", "phiếu giao nhận", given.export_id))
    title = f"Phiếu giao nhận gói dữ liệu của {_short(given.unit)}"
    return Document("phieu-giao-nhan", title, blocks, one_page=True, metadata=metadata)


def qr_content(given: HandOver) -> str:
    """What the code says: ``NTM:`` export id, then the ids of the packages, in capitals with ``:`` between them.

    Of an export in very many parts it says the export id alone, which stands in every part.
    """
    ids = [part.package_id for part in given.parts] if len(given.parts) <= MOST_LISTED else []
    return ":".join(["NTM", given.export_id, *ids]).upper()


def grouped(digits: str) -> str:
    """An id in groups of four, to be read aloud and compared."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _short(words: str) -> str:
    words = one_line(words)
    return words if len(words) <= LONGEST_NAME else f"{words[: LONGEST_NAME - 1]}…"


def _signer(title: str) -> Signer:
    return Signer((title,), note="(Ký, ghi rõ họ tên)")


def _sides(given: HandOver) -> Table:
    columns = (Column("Bên giao", 1), Column("Bên nhận", 1))
    return Table(columns, (Row((_side(given.giver), _side(given.taker))),))


def _side(side: Side) -> Cell:
    return cell(
        text(_short(side.name) or "…" * 18, bold=True),
        text("Máy tính: ", _short(side.computer) or "…" * 13),
        text("Mã đối chiếu:" if side.fingerprint else f"Mã đối chiếu: {'…' * 11}"),
        text(side.fingerprint, bold=True),
    )


def _contents(given: HandOver) -> Table:
    local = given.created_at.astimezone(wording.VIETNAM)
    packages = (
        f"{counted(len(given.parts))} gói" if len(given.parts) == given.of else f"{len(given.parts)}/{given.of} gói"
    )
    total = wording.size_text(sum(part.size for part in given.parts))
    closing = {
        Closing.KEYS: f"Đã mã hoá, chỉ mở được trên máy {_openers(given)}",
        Closing.PASSPHRASE: "Đã mã hoá bằng mật khẩu; mật khẩu báo riêng cho bên nhận, không ghi vào phiếu này",
        Closing.PLAIN: "KHÔNG mã hoá: ai có USB cũng đọc được",
    }[given.closing]
    columns = (
        Column("Lần gửi", 14, Align.CENTER),
        Column("Lập lúc", 24, Align.CENTER),
        Column("Nội dung", 40, Align.CENTER),
        Column("Số gói, dung lượng", 28, Align.CENTER),
        Column("Bảo vệ", 59),
    )
    when = (f"{local:%H:%M}", f"{local:%d/%m/%Y}")
    row = Row(
        (cell(counted(given.sequence)), cell(*when), cell(*_amounts(given)), cell(packages, total), cell(closing))
    )
    return Table(columns, (row,))


def _amounts(given: HandOver) -> tuple[str, ...]:
    if given.changes is None or given.files is None:
        return ("(gói đã khoá)",)
    if not given.changes and not given.files:
        return ("Biên nhận các gói đã nhận",)
    return (f"{counted(given.changes)} thay đổi", f"{counted(given.files)} tệp minh chứng")


def _openers(given: HandOver) -> str:
    names = [_short(name) for name in given.openers[:2]]
    rest = len(given.openers) - len(names)
    return ("; ".join(names) or "của bên nhận") + (f" và {rest} máy khác" if rest else "")


def _ids(given: HandOver) -> Iterator[Text]:
    yield text("Mã lần gửi: ", Run(grouped(given.export_id), bold=True))
    listed = given.parts if len(given.parts) <= MOST_LISTED else given.parts[: MOST_LISTED - 1]
    for part in listed:
        number = f" {part.number}/{given.of}" if given.of > 1 else ""
        yield text(f"Mã gói{number}: ", Run(grouped(part.package_id), bold=True))
    rest = len(given.parts) - len(listed)
    if rest:
        yield text(f"và {rest} gói nữa cùng mã lần gửi.")


def _advice(given: HandOver) -> Iterator[str]:
    yield (
        "Khi nhận, so mã đối chiếu của bên giao trên phiếu này với mã hiện trên màn hình; khác nhau thì không nhận. "
        "Phiếu lập thành 02 bản, mỗi bên giữ 01 bản."
    )
    lost = "Nếu USB bị mất hoặc hỏng: báo ngay cho bên giao. "
    safe = "Dữ liệu trên máy bên giao vẫn còn nguyên, chỉ cần gửi lại."
    yield lost + (
        f"Gói KHÔNG mã hoá nên ai nhặt được cũng đọc được: báo thêm cho người phụ trách. {safe}"
        if given.closing is Closing.PLAIN
        else f"Gói đã mã hoá, người nhặt được không đọc được. {safe}"
    )
