"""Number, date, issuer and summary of one piece of evidence, in a window of its own; saves by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import Evidence
from ui.models.evidence_list import kind_name
from ui.theme import SPACE, heading, primary, soft
from ui.widgets.evidence_form import EvidenceForm
from ui.workspace import Session


class EvidenceDetails(QDialog):
    """The form, the file's name, and a button that only closes: everything is saved already."""

    def __init__(self, session: Session, evidence: Evidence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Chi tiết minh chứng"))
        self.setMinimumWidth(520)
        self.form = EvidenceForm(session, self)
        known = session.assessed.evidence if session.assessed else ()
        self.form.offer_issuers(item.issuer for item in known)
        self.form.show_evidence(evidence, editable=not session.read_only)
        name = heading(QLabel(evidence.file_name), 2)
        facts = soft(QLabel(f"{kind_name(evidence)} · {wording.size_text(evidence.blob.size)}"))
        note = soft(QLabel(_("Mọi thay đổi được lưu tự động.")))
        close = primary(QPushButton(_("Đó&ng")))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(note, 1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.small)
        column.addWidget(name)
        column.addWidget(facts)
        column.addWidget(self.form)
        column.addLayout(foot)
        self.form.number.setFocus()

    def done(self, result: int) -> None:
        self.form.save_now()
        super().done(result)
