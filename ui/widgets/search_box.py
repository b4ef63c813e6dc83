"""Find an indicator, a criterion or a piece of evidence by a few letters, with or without diacritics, and go there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.text import search_key
from ui.theme import COLOURS, icon, verdict_colour, verdict_icon

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_MOST = 12
_WIDE = 560


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that can be gone to."""

    page: str
    place: str
    words: str
    key: str  # what is searched
    code: str  # an exact code comes first
    sign: str
    colour: str = COLOURS.text


def hits_of(assessed: Assessed | None) -> tuple[Hit, ...]:
    """Everything in an assessment that can be found."""
    if assessed is None:
        return ()
    found: list[Hit] = []
    for criterion in assessed.criteria:
        number = criterion.criterion.number
        words = _("Tiêu chí {number}: {name}").format(number=number, name=criterion.criterion.name)
        sign, colour = verdict_icon(criterion.verdict), verdict_colour(criterion.verdict).name()
        found.append(Hit("criteria", f"criterion:{number}", words, search_key(words), number, sign, colour))
        for item in criterion.indicators:
            words = f"{item.code}  {item.indicator.name}"
            sign, colour = verdict_icon(item.verdict), verdict_colour(item.verdict).name()
            found.append(Hit("criteria", item.code, words, search_key(words), item.code.lower(), sign, colour))
    for evidence in assessed.evidence:
        words = " · ".join(part for part in (evidence.title, evidence.number) if part)
        key = search_key(f"{words} {evidence.file_name} {evidence.issuer}")
        found.append(Hit("evidence", evidence.evidence_id, words, key, "", "evidence"))
    return tuple(found)


class SearchBox(QLineEdit):
    """``chosen`` is sent with the page and the place."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("Tìm…  Ctrl+K"))
        self.setAccessibleName(_("Tìm chỉ tiêu, tiêu chí, minh chứng"))
        self.setToolTip(_("Tìm chỉ tiêu, tiêu chí, minh chứng; không cần gõ dấu"))
        self.setClearButtonEnabled(True)
        self.addAction(QAction(icon("search", COLOURS.soft), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self._model = _Hits()
        self._popup = QListView()
        self._popup.setMinimumWidth(_WIDE)
        self._popup.setUniformItemSizes(True)
        self._popup.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        completer = QCompleter(self)
        completer.setModel(self._model)
        completer.setPopup(self._popup)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(_MOST)
        completer.setCompletionRole(_Hits.TYPED)
        completer.activated.connect(lambda *_choice: self._go_current())
        self._completer = completer
        completer.setWidget(self)  # setCompleter would write the hit into the field
        self.textEdited.connect(self._search)
        self.returnPressed.connect(self._go_current)

    def set_hits(self, hits: tuple[Hit, ...]) -> None:
        """What can be found now."""
        self._model.set_hits(hits)

    def found(self) -> tuple[Hit, ...]:
        """What fits the text typed."""
        return self._model.shown

    def _search(self, text: str) -> None:
        self._model.search(text)
        if not text.strip():
            self._popup.hide()
            return
        left = min(0, self.window().width() - self.mapTo(self.window(), QPoint()).x() - _WIDE)
        self._completer.complete(QRect(left, 0, _WIDE, self.height()))  # wider than the field, but within the window
        if self._model.shown:
            self._popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def _go_current(self) -> None:
        """Enter: the completer hands it first to the field, then to the list; the second time nothing is left."""
        self._go(max(0, self._popup.currentIndex().row()))

    def _go(self, row: int) -> None:
        if not 0 <= row < len(self._model.shown):
            return
        hit = self._model.shown[row]
        self._popup.hide()
        self.clear()
        self._model.search("")
        self.chosen.emit(hit.page, hit.place)


class _Hits(QAbstractListModel):
    """The hits that fit, the best first; one line says so where nothing fits."""

    TYPED = Qt.ItemDataRole.UserRole

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Hit, ...] = ()
        self._text = ""
        self.shown: tuple[Hit, ...] = ()

    def set_hits(self, hits: tuple[Hit, ...]) -> None:
        self._all = hits
        self.search(self._text)

    def search(self, text: str) -> None:
        self._text = text
        key = search_key(text)
        words = key.split()
        fits = [
            (hit.code != key, not hit.code.startswith(key), place, hit)
            for place, hit in enumerate(self._all)
            if words and all(word in hit.key for word in words)
        ]
        self.beginResetModel()
        self.shown = tuple(entry[-1] for entry in sorted(fits, key=lambda entry: entry[:3])[:50])
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        if parent.isValid() or not self._text.strip():
            return 0
        return len(self.shown) or 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.shown else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if not self.shown:
            text = _("Không tìm thấy «{text}»").format(text=self._text.strip())
            return text if role == Qt.ItemDataRole.DisplayRole else None
        hit = self.shown[index.row()]
        answers: dict[int, str | QIcon] = {
            Qt.ItemDataRole.DisplayRole: hit.words,
            Qt.ItemDataRole.ToolTipRole: hit.words,
        }
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(hit.sign, hit.colour)
        return self._text if role == self.TYPED else answers.get(role)
