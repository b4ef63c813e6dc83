"""Parts that follow from the procedure: conditions of recognition; number, signer and receivers of each paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ntm_desktop.i18n import N_, _
from ntm_desktop.model.procedure import Check, Condition, DocumentEntry, Procedure
from ntm_desktop.model.readiness import Finding, FindingCode
from ntm_desktop.model.records import BY_ID
from ui.forms.record_draft import RecordDraft
from ui.forms.record_form import RecordForm
from ui.pages.data_parts import PART_NAMES, Known, Part, Tools, sheet, words
from ui.pages.sections.section import clear
from ui.theme import COLOURS, SIZE, SPACE, card, heading, soft, tone
from ui.widgets.narrow import turn_layout
from ui.widgets.two_lines import TwoLines

_KIND = BY_ID["condition"]
_AGAINST = {  # what the program holds a condition against, and what it found when it does not hold
    Check.CRITERIA: (N_("Phần mềm đối chiếu với kết quả các chỉ tiêu."), (FindingCode.CRITERIA_UNMET,)),
    Check.DEBT: (
        N_("Phần mềm đối chiếu với mục «Nợ đọng»."),
        (FindingCode.DEBT_OPEN, FindingCode.DEBT_LEFT, FindingCode.DEBT_CONTRADICTS),
    ),
    Check.POLL: (
        N_("Phần mềm đối chiếu với mục «Hài lòng» và mức quy định, nếu đã biết chắc."),
        (
            FindingCode.POLL_MISSING,
            FindingCode.POLL_BELOW,
            FindingCode.POLL_QUESTION_BELOW,
            FindingCode.POLL_TOO_FEW,
        ),
    ),
}


_FAILURES = frozenset(code for _words, codes in _AGAINST.values() for code in codes)


class ConditionPart(Part):
    """The conditions of the procedure: a form for each that a person states."""

    key, kinds = "condition", ("condition",)

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._procedure: Procedure | None = None
        self._forms: dict[str, RecordForm] = {}
        self._states: dict[str, QLabel] = {}
        self._box = QVBoxLayout()
        self._box.setSpacing(SPACE.medium)
        self.column.addLayout(self._box)
        self.column.addStretch(1)

    def title(self) -> str:
        return _(PART_NAMES[self.key])

    def offered(self) -> bool:
        return self._procedure is not None and bool(self._procedure.conditions)

    def forms(self) -> Sequence[RecordForm]:
        return tuple(self._forms.values())

    def findings(self) -> tuple[Finding, ...]:
        found = self.known.findings if self.known is not None else ()
        return tuple(item for item in found if item.code in _FAILURES) + super().findings()

    def show_known(self, known: Known) -> None:
        procedure = known.facts.procedure
        if self._procedure is None or self._procedure.conditions != procedure.conditions:
            self._make(procedure)
        self._procedure = procedure
        super().show_known(known)
        for name, form in self._forms.items():
            draft = self.tools.drafts.one("condition", name)
            if form.draft is not draft:
                form.show_draft(draft)
        for condition in procedure.conditions:
            if condition.id in self._states:
                self._show_state(condition, known)

    def _make(self, procedure: Procedure) -> None:
        clear(self._box)
        self._forms, self._states = {}, {}
        for condition in procedure.conditions:
            self._box.addWidget(self._card(condition))

    def _card(self, condition: Condition) -> QFrame:
        frame = card(QFrame())
        column = QVBoxLayout(frame)
        column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        column.setSpacing(SPACE.small)
        name = QLabel(condition.text)
        name.setWordWrap(True)
        name.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(name)
        if condition.basis:
            column.addWidget(words(_("Căn cứ: {basis}").format(basis=condition.basis)))
        if condition.check is Check.STATED:
            form = RecordForm(_KIND, self.tools.drafts)
            form.set_read_only(self.read_only)
            self._forms[condition.id] = form
            column.addWidget(form)
        else:
            self._states[condition.id] = soft(QLabel())
            self._states[condition.id].setWordWrap(True)
            column.addWidget(self._states[condition.id])
        return frame

    def _show_state(self, condition: Condition, known: Known) -> None:
        against, codes = _AGAINST[condition.check]
        fails = any(item.code in codes for item in known.findings)
        said = _("○ Chưa đáp ứng, hoặc chưa đủ số liệu.") if fails else _("✔ Chưa thấy điều gì trái điều kiện này.")
        label = self._states[condition.id]
        label.setText(f"{said} {_(against)}")
        tone(label, "warning" if fails else "")

    def show_record(self, kind: str, record_id: str, field: str) -> None:
        form = self._forms.get(record_id)
        if form is not None:
            form.focus_field(field)
        else:
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)


class PapersPart(Part):
    """The papers of the dossier; for the chosen one its number, date, signer, receivers, and how the foot will look.

    A commune writes its own papers; an office that appraises writes its own and looks at the commune's.
    """

    key = "document"

    def __init__(self, tools: Tools) -> None:
        self._office = tools.session.info is not None and tools.session.info.role == "office"
        self.kinds = ("document", "appraisal_document") if self._office else ("document",)
        super().__init__(tools)
        self._entries: tuple[DocumentEntry, ...] = ()
        self._of_kind = {kind: RecordForm(BY_ID[kind], tools.drafts) for kind in ("document", "appraisal_document")}
        self.list = QListWidget()
        self.list.setAccessibleName(_("Các văn bản của hồ sơ"))
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumWidth(240)
        self.list.setMinimumHeight(5 * SIZE.row)
        self.name = heading(QLabel(), 2)
        self.foot = QLabel()
        self.foot.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.foot.setTextFormat(Qt.TextFormat.PlainText)
        self.foot.setWordWrap(True)
        self._build()
        stops = [self.list, *(widget for form in self._of_kind.values() for widget in form.stops())]
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)
        self.list.currentRowChanged.connect(lambda _row: self._show_current())
        self.list.itemActivated.connect(lambda _item: self.form.focus_field(""))
        for form in self._of_kind.values():
            form.typed.connect(lambda _name: self._follow())

    def _build(self) -> None:
        preview = card(QFrame())
        column = QVBoxLayout(preview)
        column.setContentsMargins(SPACE.large, SPACE.small, SPACE.large, SPACE.medium)
        column.addWidget(words(_("Phần ký sẽ in như sau:")))
        column.addWidget(self.foot)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.name)
        for form in self._of_kind.values():
            column.addWidget(form)
        column.addWidget(words(_("Ô để trống: lấy theo trang Thiết lập, hoặc in chỗ trống để ghi tay.")))
        frame = sheet(inner)
        beside = QVBoxLayout()
        beside.setSpacing(SPACE.small)
        beside.addWidget(self.list, 1)
        beside.addWidget(preview)
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACE.medium)
        self._row.addLayout(beside, 2)
        self._row.addWidget(frame, 5)
        self.column.addLayout(self._row, 1)

    def title(self) -> str:
        return _(PART_NAMES[self.key])

    @property
    def form(self) -> RecordForm:
        """The form of the chosen paper."""
        entry = self.entry()
        return self._of_kind["appraisal_document" if entry is not None and entry.by_office else "document"]

    def forms(self) -> Sequence[RecordForm]:
        return tuple(self._of_kind.values())

    def set_read_only(self, read_only: bool) -> None:
        self.read_only = read_only
        self._of_kind["document"].set_read_only(read_only)
        self._of_kind["appraisal_document"].set_read_only(not self._office)

    def turn(self, width: int) -> None:
        """List and form beside each other, or under each other in a narrow window."""
        turn_layout(self._row, width)

    # --- showing

    def entry(self) -> DocumentEntry | None:
        """The chosen paper."""
        row = self.list.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def show_known(self, known: Known) -> None:
        super().show_known(known)
        own = [entry for entry in known.facts.procedure.documents if entry.by_office]
        others = [entry for entry in known.facts.procedure.documents if not entry.by_office]
        self._entries = (*own, *others) if self._office else tuple(others)
        held = [str(self.list.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(self.list.count())]
        chosen = held[self.list.currentRow()] if self.list.currentRow() >= 0 else ""
        ids = [entry.id for entry in self._entries]
        if held != ids:
            self.list.blockSignals(True)
            self.list.clear()
            for entry in self._entries:
                item = QListWidgetItem(entry.name)
                item.setData(Qt.ItemDataRole.DecorationRole, ("file", COLOURS.soft))
                item.setData(Qt.ItemDataRole.UserRole, entry.id)
                item.setToolTip(entry.note or entry.name)
                self.list.addItem(item)
            self.list.setCurrentRow(ids.index(chosen) if chosen in ids else 0)
            self.list.blockSignals(False)
        self._show_current()

    def _draft(self, entry: DocumentEntry) -> RecordDraft:
        return self.tools.drafts.one("appraisal_document" if entry.by_office else "document", entry.id)

    def _show_current(self) -> None:
        entry = self.entry()
        for kind, form in self._of_kind.items():
            form.setVisible(entry is not None and (kind == "appraisal_document") == entry.by_office)
        if entry is None:
            return
        draft = self._draft(entry)
        self.name.setText(entry.name)
        if self.form.draft is not draft:
            self.form.show_draft(draft)
        self._follow()

    def _follow(self) -> None:
        """The foot of the chosen paper, and numbers in the list, as they follow from what is typed."""
        for row, each in enumerate(self._entries):
            self.list.item(row).setText(self._line(each))
        entry, known = self.entry(), self.known
        if entry is not None and known is not None:
            self.foot.setText("\n".join(self._foot(entry, known)))

    def _line(self, entry: DocumentEntry) -> str:
        draft = self._draft(entry)
        number, issued = draft.text("number"), draft.text("issued")
        parts = [_("số {number}").format(number=number) if number else "", issued]
        told = ", ".join(part for part in parts if part)
        signed = _("✔ đã ký") if draft.value("signed") is True else ""
        rest = " · ".join(part for part in (told, signed) if part)
        return f"{entry.name}\n{rest}" if rest else entry.name

    def _foot(self, entry: DocumentEntry, known: Known) -> list[str]:
        from ntm_desktop.operations import signers

        lines, name = signers.foot(known.facts, self._draft(entry).record())
        return [*lines, "", name or "…" * 12]

    # --- places

    def show_record(self, kind: str, record_id: str, field: str) -> None:
        ids = [entry.id for entry in self._entries]
        if record_id in ids:
            self.list.setCurrentRow(ids.index(record_id))
        if field:
            self.form.focus_field(field)
        else:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def first_focus(self) -> QWidget:
        return self.list

    def place(self) -> str:
        entry = self.entry()
        return f"document/{entry.id}" if entry is not None else "document"
