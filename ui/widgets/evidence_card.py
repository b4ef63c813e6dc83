"""What is known of the chosen piece of evidence: file, indicators as chips, the form, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import Evidence
from ui.dialogs.pick_indicators import PickIndicators
from ui.models.evidence_list import kind_name
from ui.theme import SPACE, danger, heading, icon, soft
from ui.widgets.chips import ChipBar
from ui.widgets.evidence_form import EvidenceForm
from ui.widgets.flow_layout import FlowLayout
from ui.workspace import Session

if TYPE_CHECKING:
    from ui.widgets.evidence_deeds import EvidenceDeeds


class EvidenceCard(QScrollArea):
    """Follows :meth:`show_evidence`; ``remove_wanted`` asks to take the chosen pieces out."""

    remove_wanted = Signal()

    def __init__(self, session: Session, deeds: EvidenceDeeds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._deeds = deeds
        self._evidence: Evidence | None = None
        self._inner = QWidget()
        self._inner.setMinimumWidth(0)
        self.name = heading(QLabel(), 2)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = soft(QLabel())
        self.facts.setWordWrap(True)
        self.chips = ChipBar()
        self.form = EvidenceForm(session)
        self.open_button = QPushButton(icon("open-external"), _("Mở tệ&p"))
        self.open_button.setToolTip(_("Mở bằng chương trình của máy (Enter trong danh sách)"))
        self.remove_button = danger(QPushButton(icon("remove"), _("Gỡ min&h chứng")))
        self.remove_button.setToolTip(_("Gỡ khỏi hồ sơ (Delete trong danh sách); có thể hoàn tác bất cứ lúc nào"))
        self._build()
        self.chips.opened.connect(lambda code: session.go("criteria", code))
        self.chips.removed.connect(self._drop_code)
        self.chips.add_wanted.connect(self.pick_codes)
        self.open_button.clicked.connect(self._open)
        self.remove_button.clicked.connect(self.remove_wanted)
        self.show_evidence(None)

    def _build(self) -> None:
        inner = self._inner
        inner.setProperty("plain", True)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to what is in it
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inner)
        proves = QLabel(_("Chứng minh cho chỉ tiêu"))
        buttons = FlowLayout(spacing=SPACE.small)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.remove_button)
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE.small, 0, SPACE.small, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.name)
        column.addWidget(self.facts)
        column.addWidget(proves)
        column.addWidget(self.chips)
        column.addWidget(self.form)
        column.addLayout(buttons)
        column.addStretch(1)

    def show_evidence(self, evidence: Evidence | None) -> None:
        """Show this piece, or nothing."""
        self._evidence = evidence
        editable = evidence is not None and not self._session.read_only
        self._inner.setVisible(evidence is not None)
        self.form.show_evidence(evidence, editable)
        if evidence is None:
            return
        self.name.setText(evidence.file_name)
        facts = [kind_name(evidence), wording.size_text(evidence.blob.size)]
        if not evidence.blob_present:
            facts.append(_("không thấy tệp trên máy này"))
        self.facts.setText(" · ".join(facts))
        known = self._session.assessed.catalogue.by_code if self._session.assessed else {}
        codes = [(code, known[code].name if code in known else "") for code in evidence.codes]
        self.chips.show_codes(codes, editable)
        self.open_button.setEnabled(evidence.blob_present)
        self.remove_button.setVisible(editable)

    def pick_codes(self) -> None:
        """Choose the indicators that the piece proves."""
        evidence, assessed = self._evidence, self._session.assessed
        if evidence is None or assessed is None or self._session.read_only:
            return
        dialog = PickIndicators(assessed.catalogue, evidence.codes, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._deeds.set_codes(evidence, dialog.codes()))
        dialog.open()

    def _drop_code(self, code: str) -> None:
        if self._evidence is not None:
            self._deeds.unlink(self._evidence, code)

    def _open(self) -> None:
        if self._evidence is not None:
            self._deeds.open(self._evidence)
