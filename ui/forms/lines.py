"""Lines of the form that tell: the level that applies, the verdict, the preceding year's result."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import AssessedIndicator, LevelOrigin, Verdict, Why
from ntm_desktop.model.catalogue import Catalogue
from ui.theme import SIZE, SPACE, icon, picture, soft, tone, verdict_colour, verdict_icon
from ui.widgets.flow_layout import FlowLayout

LEVEL, BASIS = "level", "basis"
BY_HAND, AUTOMATIC, HISTORY, CARRY = "by_hand", "automatic", "history", "carry"


_BY_PROGRAM = (Why.COMPUTED, Why.CONDITIONS_OPEN, Why.CONDITIONS_FAIL)


def _wrapping(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class Line(QWidget):
    """Words with buttons under them. Each button asks for something by name."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE.tiny)

    def offer(self, name: str, words: str, icon_name: str) -> QPushButton:
        """A button that asks for ``name``."""
        button = QPushButton(icon(icon_name), words)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.asked.emit(name))
        return button

    def put_buttons(self, *buttons: QPushButton) -> None:
        """Put buttons side by side, in more lines where the line is too short."""
        row = FlowLayout(spacing=SPACE.small)
        for button in buttons:
            row.addWidget(button)
        self.column.addLayout(row)


class LevelLine(Line):
    """The level that applies with its legal basis; or that it is not known, and a button to enter it."""

    def __init__(self) -> None:
        super().__init__()
        self.level = QLabel()
        self.level.setWordWrap(True)
        self.level.setMinimumHeight(SIZE.target)
        font = self.level.font()
        font.setBold(True)
        self.level.setFont(font)
        self.origin = soft(_wrapping(QLabel()))
        self.enter = self.offer(LEVEL, _("&Nhập mức của địa phương…"), "edit")
        self.change = self.offer(LEVEL, _("Sửa mức…"), "edit")
        self.basis = self.offer(BASIS, _("Căn cứ…"), "info")
        first = QHBoxLayout()
        first.setSpacing(SPACE.small)
        first.addWidget(self.level, 1)
        for button in (self.change, self.basis):
            first.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(first)
        self.column.addWidget(self.origin)
        self.put_buttons(self.enter)

    def show_level(self, item: AssessedIndicator, catalogue: Catalogue, *, read_only: bool) -> None:
        """Show an indicator's level."""
        level, indicator = item.level, item.indicator
        local = level.origin is LevelOrigin.LOCAL
        self.level.setText(wording.level_text(level, indicator.measure))
        tone(self.level, "" if level.known else "warning")
        origin = wording.level_origin_text(level, catalogue)
        if not level.known:
            origin = _("Hãy nhập mức mà địa phương áp dụng kèm số quyết định, hoặc đánh giá bằng tay.")
        self.origin.setText(origin)
        self.enter.setVisible(not level.known and not local and not read_only)
        self.change.setVisible(local and not read_only)


class VerdictLine(Line):
    """The verdict with its symbol and word, who came to it, and why."""

    def __init__(self) -> None:
        super().__init__()
        self._sign = QLabel()
        self.word = QLabel()
        font = self.word.font()
        font.setBold(True)
        self.word.setFont(font)
        self.who = soft(QLabel())
        self.why = soft(_wrapping(QLabel()))
        self.why.setMinimumHeight(self.why.sizeHint().height())  # kept while empty: what stands below does not jump
        self.by_hand = self.offer(BY_HAND, _("Đánh giá &bằng tay…"), "by-hand")
        self.automatic = self.offer(AUTOMATIC, _("Trở về tự tính"), "undo")
        self.who.setWordWrap(True)  # gives room to the button, else the whole form grows wider than its pane
        first = QHBoxLayout()
        first.setSpacing(SPACE.small)
        for label in (self._sign, self.word, self.who):
            label.setMinimumHeight(SIZE.target)
            first.addWidget(label, int(label is self.who))
        first.addWidget(self.by_hand)
        self.column.addLayout(first)
        self.column.addWidget(self.why)
        self.put_buttons(self.automatic)

    def show_verdict(self, item: AssessedIndicator, year: int, *, read_only: bool) -> None:
        """Show the verdict that stands and what the program alone would say."""
        verdict = item.verdict
        colour = verdict_colour(verdict).name()
        self._sign.setPixmap(picture(verdict_icon(verdict), SIZE.icon, self.devicePixelRatioF(), colour))
        self.word.setText(wording.verdict_name(verdict))
        self.word.setStyleSheet(f"color: {colour};")
        by_hand, computed = _("đánh giá bằng tay"), _("tự tính")
        self.who.setText(f"({by_hand})" if item.by_hand else f"({computed})" if item.why in _BY_PROGRAM else "")
        said = {by_hand, _("chưa xác nhận điều kiện kèm theo")}  # stands in the line already
        notes = [note for note in wording.verdict_note(item, year).split("; ") if note and note not in said]
        lines = [*_reasons(item), *(f"{note[:1].upper()}{note[1:]}." for note in notes)]
        self.why.setText("\n".join(lines))
        self.by_hand.setText(_("Sửa đánh giá…") if item.by_hand else _("Đánh giá &bằng tay…"))
        self.by_hand.setVisible(not read_only)
        self.automatic.setVisible(item.by_hand and not read_only)
        words = " ".join(part for part in (self.word.text(), self.who.text(), *lines) if part)
        self.setAccessibleName(_("Kết luận: {words}").format(words=words))


def _reasons(item: AssessedIndicator) -> list[str]:
    """Why a verdict stands or none does, where the verdict does not say it by itself."""
    judgement = item.result.judgement
    if judgement is None:
        return [] if item.why is Why.COMPUTED else [wording.why_sentence(item.why)]
    lines = [_("Lý do: {reason}").format(reason=judgement.reason)]
    if item.computed in (Verdict.MET, Verdict.NOT_MET) and item.computed is not item.verdict:
        computed = wording.verdict_name(item.computed)
        lines.append(_("Phần mềm tự tính từ kết quả: {verdict}.").format(verdict=computed))
    return lines


class EarlierLine(Line):
    """The preceding year's result, and a button that takes it over where it met the standard."""

    def __init__(self) -> None:
        super().__init__()
        self.words = _wrapping(QLabel())
        self.take = self.offer(CARRY, _("Lấy kết quả năm trước"), "copy")
        self.column.addWidget(self.words)
        self.put_buttons(self.take)

    def show_earlier(self, earlier: AssessedIndicator | None, year: int, *, taken: bool, read_only: bool) -> None:
        """Show what the preceding year's assessment says; nothing where there is none."""
        self.setVisible(earlier is not None)
        if earlier is None:
            return
        value = wording.value_text(earlier.indicator.measure, earlier.result.value, earlier.level)
        parts = [part for part in (value, wording.verdict_name(earlier.verdict)) if part]
        if earlier.by_hand:
            parts.append(_("đánh giá bằng tay"))
        self.words.setText(_("Năm {year}: {result}").format(year=year, result=" – ".join(parts)))
        self.take.setVisible(earlier.verdict is Verdict.MET and not taken and not read_only)
