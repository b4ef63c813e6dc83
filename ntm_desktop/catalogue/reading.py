"""One pass over a tree: hands out typed values and collects everything that is wrong with them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from ntm_desktop.catalogue.nodes import Node, NodeKind
from ntm_desktop.catalogue.problems import CatalogueProblem, ProblemCode
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import LegalBasis
from ntm_desktop.model.text import nfc

E = TypeVar("E", bound=StrEnum)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
VERSION = re.compile(r"[0-9A-Za-z]+([._-][0-9A-Za-z]+)*")
CODE = re.compile(r"[0-9A-Za-zĐđ-]+(\.[0-9A-Za-zĐđ-]+)*")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
WHOLE = re.compile(r"0|[1-9][0-9]*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
MAX_DIGITS = 24
MAX_NAME = 60
MAX_PROBLEMS = 1000

_MISSING = {"basis": ProblemCode.NO_LEGAL_BASIS, "provenance": ProblemCode.NO_PROVENANCE}


class Reading:
    """Problems of one file. Values asked for are always of the asked type; what is wrong is reported beside."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[CatalogueProblem] = []

    def report(self, node: Node, place: str, code: ProblemCode, message: str) -> None:
        """Note one problem at a value."""
        if len(self.problems) < MAX_PROBLEMS:
            where = f"{node.spot} ({place})" if node.spot and place else node.spot or place
            self.problems.append(CatalogueProblem(self.file, node.line, where, code, message))

    def mapping(
        self, node: Node | None, place: str, required: Iterable[str], optional: Iterable[str] = ()
    ) -> Mapping[str, Node]:
        """The entries of a mapping; keys that are missing or unknown are reported."""
        if node is None:
            return {}
        if node.kind is not NodeKind.MAP:
            self.report(node, place, ProblemCode.WRONG_TYPE, _("Chỗ này phải là một nhóm các khóa và giá trị."))
            return {}
        known = {*required, *optional}
        for key in required:
            if key not in node.entries:
                code = _MISSING.get(key, ProblemCode.MISSING_KEY)
                self.report(node, place, code, _("Thiếu khóa bắt buộc «{key}»; mời viết thêm.").format(key=key))
        for key, value in node.entries.items():
            if key not in known:
                message = _("Khóa «{key}» không có trong quy ước; mời bỏ đi hoặc sửa lại tên (được dùng: {known}).")
                known_names = ", ".join(sorted(known))
                self.report(value, place, ProblemCode.UNKNOWN_KEY, message.format(key=key, known=known_names))
        return node.entries

    def items(self, node: Node | None, place: str, what: str) -> tuple[Node, ...]:
        """The items of a list; nothing where it is absent."""
        if node is None:
            return ()
        if node.kind is not NodeKind.LIST:
            message = _("«{what}» phải là một danh sách, mỗi mục bắt đầu bằng dấu gạch ngang.").format(what=what)
            self.report(node, place, ProblemCode.WRONG_TYPE, message)
            return ()
        return node.items

    def text(self, node: Node | None, place: str, what: str, *, required: bool = False) -> str:
        """A text in NFC; empty where it is absent."""
        if node is None:
            return ""
        if node.kind is not NodeKind.TEXT:
            message = _("«{what}» phải là chữ; mời đặt giá trị trong dấu nháy đơn: '{value}'.")
            self.report(node, place, ProblemCode.WRONG_TYPE, message.format(what=what, value=node.text))
            return ""
        if required and not node.text.strip():
            self.report(node, place, ProblemCode.EMPTY, _("«{what}» đang trống; mời điền.").format(what=what))
        if nfc(node.text) != node.text:
            message = _("«{what}» viết bằng Unicode tổ hợp, không phải dạng dựng sẵn (NFC); mời gõ lại hoặc chuyển mã.")
            self.report(node, place, ProblemCode.NOT_NFC, message.format(what=what))
        if _CONTROL.search(node.text):
            message = _("«{what}» có ký tự điều khiển hoặc ký tự không nhìn thấy; mời gõ lại.").format(what=what)
            self.report(node, place, ProblemCode.CONTROL_CHARACTER, message)
        return node.text

    def texts(self, node: Node | None, place: str, what: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.text(item, place, what, required=True) for item in self.items(node, place, what))

    def name(self, node: Node | None, place: str, what: str, pattern: re.Pattern[str] = SLUG) -> str:
        """An id, a version or a code."""
        text = self.text(node, place, what, required=True)
        if node is not None and text and (len(text) > MAX_NAME or not pattern.fullmatch(text)):
            message = {
                SLUG: _("«{text}» không dùng được làm {what}: chỉ chữ thường không dấu, chữ số và dấu gạch nối."),
                VERSION: _("«{text}» không dùng được làm {what}: chỉ chữ không dấu, chữ số, dấu chấm, dấu gạch nối."),
            }.get(pattern, _("«{text}» không dùng được làm {what}: chỉ chữ, chữ số và dấu chấm, ví dụ 17.10."))
            self.report(node, place, ProblemCode.BAD_ID, message.format(text=text[:MAX_NAME], what=what))
        return text

    def decimal(self, node: Node | None, place: str, what: str) -> Decimal | None:
        """A number, or None where it is absent or null."""
        if node is None or node.kind is NodeKind.NULL:
            return None
        plain = node.kind in (NodeKind.NUMBER, NodeKind.TEXT)
        if plain and NUMBER.fullmatch(node.text) and len(node.text) <= MAX_DIGITS:
            return Decimal(node.text)
        message = _("«{what}» phải là một con số viết như 1234.5 (không dấu ngăn nghìn), không phải «{value}».")
        self.report(node, place, ProblemCode.NOT_A_NUMBER, message.format(what=what, value=node.text[:40]))
        return None

    def whole(self, node: Node | None, place: str, what: str) -> int | None:
        """A whole number from 0, or None where it is absent."""
        if node is None:
            return None
        if node.kind is NodeKind.NUMBER and WHOLE.fullmatch(node.text) and len(node.text) < 10:
            return int(node.text)
        message = _("«{what}» phải là số nguyên không âm, không phải «{value}».")
        self.report(node, place, ProblemCode.NOT_A_NUMBER, message.format(what=what, value=node.text[:40]))
        return None

    def flag(self, node: Node | None, place: str, what: str) -> bool | None:
        """true or false, or None where it is absent."""
        if node is None:
            return None
        if node.kind is not NodeKind.FLAG:
            message = _("«{what}» phải là true hoặc false.").format(what=what)
            self.report(node, place, ProblemCode.WRONG_TYPE, message)
            return None
        return node.text == "true"

    def one_of(
        self,
        node: Node | None,
        place: str,
        what: str,
        allowed: type[E],
        code: ProblemCode = ProblemCode.UNKNOWN_VALUE,
    ) -> E | None:
        """A word out of a fixed list."""
        if node is None:
            return None
        if node.kind is NodeKind.TEXT and node.text in {item.value for item in allowed}:
            return allowed(node.text)
        names = ", ".join(item.value for item in allowed)
        message = _("«{value}» không phải {what} đã biết; mời chọn một trong: {names}.")
        self.report(node, place, code, message.format(value=node.text[:40], what=what, names=names))
        return None

    def basis(self, node: Node | None, place: str, *, dated: bool) -> LegalBasis:
        """A legal basis; ``dated``: it is the one that the rules stand on and must have its date."""
        found = self.mapping(node, place, (), ("number", "issued", "title", "note"))
        number = self.text(found.get("number"), place, _("số văn bản"))
        issued_node = found.get("issued")
        issued = self.text(issued_node, place, _("ngày ban hành"))
        if node is not None and node.kind is NodeKind.MAP:
            if not number.strip():
                message = _("Căn cứ pháp lý thiếu số văn bản (number), ví dụ '318/QĐ-TTg'.")
                self.report(found.get("number", node), place, ProblemCode.NO_LEGAL_BASIS, message)
            if dated and not issued:
                message = _("Căn cứ pháp lý thiếu ngày ban hành (issued), ví dụ '2022-03-08'.")
                self.report(issued_node or node, place, ProblemCode.NO_LEGAL_BASIS, message)
        if issued and issued_node is not None and not _is_date(issued):
            message = _("«{value}» không phải ngày viết theo kiểu năm-tháng-ngày, ví dụ '2022-03-08'.")
            self.report(issued_node, place, ProblemCode.BAD_DATE, message.format(value=issued[:40]))
        title = self.text(found.get("title"), place, _("trích yếu"))
        note = self.text(found.get("note"), place, _("ghi chú"))
        return LegalBasis(number, issued, title, note)


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
