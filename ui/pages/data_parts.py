"""What every part of the data page is, and the parts that are single forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ntm_desktop.model import numbers
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.issues import Severity
from ntm_desktop.model.procedure import AppliedSetting
from ntm_desktop.model.readiness import Area, Finding, FindingCode
from ntm_desktop.model.records import BY_ID, SELF, Kind
from ui.forms.record_drafts import RecordDrafts
from ui.forms.record_form import RecordForm
from ui.theme import SPACE, card, heading, link, soft, tone
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.record_deeds import RecordDeeds
from ui.workspace import Session

MOST_LINKS, MOST_SENTENCES = 6, 3


@dataclass(frozen=True)
class Known:
    """What was read for the page: the facts of the dossier, and what it still lacks."""

    facts: DossierFacts
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Tools:
    """What every part works with."""

    session: Session
    drafts: RecordDrafts
    deeds: RecordDeeds


class Part(QWidget):
    """One part of the data: heading, what is still missing, fields. ``kinds``: the records that are entered here."""

    key = ""
    kinds: tuple[str, ...] = ()

    wanted = Signal(str)  # a place on this page

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self.tools = tools
        self.setObjectName(self.key)
        self.setProperty("plain", True)
        self.read_only = False
        self.known: Known | None = None
        self.missing = MissingLine()
        self.missing.wanted.connect(self.wanted)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE.large, SPACE.tiny, SPACE.large, SPACE.tiny)
        self.column.setSpacing(SPACE.small)
        self.title_label = heading(QLabel(self.title()))
        self.column.addWidget(self.title_label)
        self.column.addWidget(self.missing)

    def title(self) -> str:
        """Its name in the list and above it."""
        raise NotImplementedError

    def forms(self) -> Sequence[RecordForm]:
        """The forms that it shows now."""
        return ()

    def show_known(self, known: Known) -> None:
        """Show what was read; drafts are up to date already."""
        self.known = known
        self.missing.show_findings(self.findings())

    def findings(self) -> tuple[Finding, ...]:
        """What is missing here."""
        found = self.known.findings if self.known is not None else ()
        own = [item for item in found if item.area is Area.RECORD]
        return tuple(item for item in own if item.place.partition("/")[0] in self.kinds)

    def offered(self) -> bool:
        """False where there is nothing to enter here."""
        return True

    def set_read_only(self, read_only: bool) -> None:
        """Readable, not changeable."""
        self.read_only = read_only
        for form in self.forms():
            form.set_read_only(read_only)

    def arrange(self) -> None:
        """The part comes to the front: lists go into their natural order."""

    def show_record(self, kind: str, record_id: str, field: str) -> None:
        """Put the focus on a record, or into a field of it."""
        for form in self.forms():
            if form.kind.id == kind and (not record_id or form.draft is None or form.draft.record_id == record_id):
                form.focus_field(field)
                return
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def first_focus(self) -> QWidget:
        """Where the keyboard begins."""
        forms = self.forms()
        return forms[0].chain()[0] if forms else self

    def add(self) -> None:
        """A new row (Ctrl+N), where the part has a list."""

    def finish(self) -> None:
        """Take what is being typed into a cell."""

    def place(self) -> str:
        """The place to come back to."""
        return self.kinds[0] if self.kinds else ""


class FormPart(Part):
    """One single kind as a form."""

    kind: Kind

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.form = RecordForm(self.kind, tools.drafts)
        self.column.addWidget(sheet(self.form, _(self.kind.note) if self.kind.note else ""))
        self.column.addStretch(1)

    def title(self) -> str:
        return _(self.kind.name)

    def forms(self) -> Sequence[RecordForm]:
        return (self.form,)

    def show_known(self, known: Known) -> None:
        super().show_known(known)
        show_single(self.form, self.tools.drafts)


class GeneralPart(FormPart):
    """The general situation."""

    key, kinds, kind = "general", ("general",), BY_ID["general"]


class PublicationPart(FormPart):
    """Posting and asking for opinions."""

    key, kinds, kind = "publication", ("publication",), BY_ID["publication"]

    def show_known(self, known: Known) -> None:
        super().show_known(known)
        for name, setting in (("posted_to", "posted_days"), ("broadcasts", "broadcasts")):
            applied = known.facts.settings.get(setting)
            self.form.fields[name].tell(needed(applied) if applied else "")


def show_single(form: RecordForm, drafts: RecordDrafts, record_id: str = SELF) -> None:
    """Show a record in a form; what is being typed into the same one is left alone."""
    draft = drafts.one(form.kind.id, record_id)
    if form.draft is not draft:
        form.show_draft(draft)


def sheet(widget: QWidget, note: str = "", title: str = "") -> QFrame:
    """A card around a widget, with a title above and a quiet line below it."""
    frame = card(QFrame())
    column = QVBoxLayout(frame)
    column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.large)
    column.setSpacing(SPACE.small)
    if title:
        column.addWidget(heading(QLabel(title), 2))
    column.addWidget(widget)
    if note:
        column.addWidget(words(note))
    return frame


def words(text: str) -> QLabel:
    """A quiet explaining line."""
    label = soft(QLabel(text))
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def percent(share: Decimal | None) -> str:
    """A share as people read it."""
    return f"{numbers.shown(share, 2)} %" if share is not None else "–"


def needed(applied: AppliedSetting) -> str:
    """What a rule asks for, and how sure that is."""
    if not applied.computable or applied.value is None:
        return _("Chưa có mức quy định chắc chắn để so; mời nhập mức của địa phương ở trang Hồ sơ.")
    value = f"{applied.value} {applied.setting.unit}".strip()
    if applied.local:
        return _("Quy định: từ {value} ({basis}).").format(value=value, basis=applied.basis)
    if applied.setting.source is Source.MEMORY:
        return _("Quy định: từ {value} (ghi theo trí nhớ, chưa đối chiếu văn bản).").format(value=value)
    return _("Quy định: từ {value}.").format(value=value)


class MissingLine(QWidget):
    """What a part still lacks: fields as links, everything else as sentences."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Finding, ...] | None = None
        self._links = QWidget()
        self._flow = FlowLayout(self._links, SPACE.tiny)
        self._sentences = tone(QLabel(), "warning")
        self._sentences.setWordWrap(True)
        self._sentences.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self._sentences)
        column.addWidget(self._links)
        self.hide()

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show these; none hides the line."""
        if findings == self._shown:
            return
        self._shown = findings
        while (held := self._flow.takeAt(0)) is not None:
            if (old := held.widget()) is not None:
                old.hide()
                old.deleteLater()
        blanks = [item for item in findings if item.code is FindingCode.FIELD_MISSING]
        others = [item for item in findings if item not in blanks and item.severity is not Severity.NOTE]
        if blanks:
            self._flow.addWidget(_high(QLabel(_("Còn trống:"))))
        for item in blanks[:MOST_LINKS]:
            self._flow.addWidget(self._link(item))
        if len(blanks) > MOST_LINKS:
            self._flow.addWidget(_high(QLabel(_("và {count} ô khác").format(count=len(blanks) - MOST_LINKS))))
        sentences = [wording.finding_sentence(item) for item in others[:MOST_SENTENCES]]
        if len(others) > MOST_SENTENCES:
            sentences.append(_("… và {count} điều khác.").format(count=len(others) - MOST_SENTENCES))
        self._sentences.setText("\n".join(sentences))
        self._sentences.setVisible(bool(sentences))
        self._links.setVisible(bool(blanks))
        self.setVisible(bool(blanks or sentences))

    def _link(self, item: Finding) -> QPushButton:
        name = _(item.arguments.get("field", ""))
        owner = item.arguments.get("name", "")
        button = link(QPushButton(f"{owner}: {name}" if owner else name))
        button.setToolTip(_("Tới ô này"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields themselves are a Tab away
        button.clicked.connect(lambda: self.wanted.emit(item.place))
        return button


def _high(label: QLabel) -> QLabel:
    label.setMinimumHeight(32)
    return soft(label)


STATES = {True: ("met", "#17692d"), False: ("not-assessed", "#7d4e00")}


def state_words(findings: Sequence[Finding]) -> tuple[bool, str]:
    """Whether a part is complete, and that in words."""
    to_do = sum(item.severity is not Severity.NOTE for item in findings)
    if to_do:
        return False, _("Còn {count} điều cần bổ sung").format(count=to_do)
    notes = len(findings)
    return True, _("Đủ; còn {count} điều nên xem lại").format(count=notes) if notes else _("Đủ")


PART_NAMES = {
    "poll": N_("Hài lòng của người dân"),
    "debt": N_("Nợ đọng xây dựng cơ bản"),
    "condition": N_("Điều kiện công nhận"),
    "document": N_("Văn bản, người ký"),
    "money": N_("Nguồn lực huy động"),
}
