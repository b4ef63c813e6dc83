"""Which set of criteria, which year, and what the set needs to know about the commune: region, group, special rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.wording import VIETNAM
from ui.theme import SIZE, SPACE, soft


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, as ``setup.create`` and ``setup.add_assessment`` take it."""

    catalogue_id: str
    year: int
    region: str = ""
    group: str = ""
    special_rule: str = ""


class SetChoice(QWidget):
    """The fields; those that a set does not need are not shown."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sets: dict[str, Catalogue] = {}
        self._candidates: tuple[str, ...] = ()
        self.set_box = _Box(_("Bộ tiêu chí"))
        self.year = QSpinBox()
        self.year.setRange(2000, 2100)
        self.year.setGroupSeparatorShown(False)
        self.year.setValue(_this_year())
        self.year.setAccessibleName(_("Năm đánh giá"))
        self.year.setFixedWidth(110)
        self.year.lineEdit().setTextMargins(6, 0, 0, 0)
        self.region = _Box(_("Vùng"))
        self.group = _Box(_("Nhóm xã"))
        self.rule = QCheckBox(_("Xã áp dụng quy định riêng dưới đây"))
        self._rule_text = _note()
        self._set_note = _note()
        self._region_note = _note()
        self._group_note = _note()
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(SPACE.medium)
        form.setVerticalSpacing(SPACE.medium)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._rows = {
            field: _row(form, words, field, note)
            for words, field, note in (
                (_("Bộ tiêu chí"), self.set_box, self._set_note),
                (_("Năm đánh giá"), self.year, None),
                (_("Vùng"), self.region, self._region_note),
                (_("Nhóm xã"), self.group, self._group_note),
                ("", self.rule, self._rule_text),
            )
        }
        self._form = form
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        self.set_box.currentIndexChanged.connect(self._show_set)
        self.region.currentIndexChanged.connect(self._show_notes)
        self.group.currentIndexChanged.connect(self._show_notes)
        self.year.valueChanged.connect(lambda _year: self.changed.emit())
        self.rule.toggled.connect(lambda _on: self.changed.emit())
        self._show_set()

    def set_catalogues(self, catalogues: Sequence[Catalogue]) -> None:
        """The sets to choose from; the one in whose period this year lies is proposed."""
        self._sets = {catalogue.id: catalogue for catalogue in catalogues}
        self.set_box.fill([(catalogue.id, catalogue.title) for catalogue in catalogues])
        year = _this_year()
        current = [at for at, catalogue in enumerate(catalogues) if year in _years(catalogue)]
        self.set_box.setCurrentIndex(current[0] if current else 0)
        self._show_set()

    def set_candidates(self, regions: tuple[str, ...]) -> None:
        """Regions in which the commune's province may lie, the likeliest first; the only one is proposed."""
        self._candidates = regions
        self._fill_regions()
        self._show_notes()

    def catalogue(self) -> Catalogue | None:
        """The chosen set."""
        return self._sets.get(self.set_box.chosen)

    def choice(self) -> Choice | None:
        """What was chosen; None before there is anything to choose from."""
        catalogue = self.catalogue()
        if catalogue is None:
            return None
        return Choice(
            catalogue.id,
            self.year.value(),
            self.region.chosen if catalogue.regions else "",
            self.group.chosen if catalogue.groups else "",
            catalogue.special_rules[0].id if self.rule.isChecked() and catalogue.special_rules else "",
        )

    def problem(self) -> tuple[str, QWidget] | None:
        """What is still to be chosen, and where."""
        catalogue, choice = self.catalogue(), self.choice()
        if catalogue is None or choice is None:
            return _("Chưa chọn bộ tiêu chí."), self.set_box
        if catalogue.regions and not choice.region:
            return _("Chưa chọn vùng. Mức đạt chuẩn của nhiều chỉ tiêu khác nhau theo vùng."), self.region
        if catalogue.groups and not choice.group:
            return _("Chưa chọn nhóm xã. Mức đạt chuẩn khác nhau theo nhóm xã."), self.group
        return None

    def _show_set(self) -> None:
        catalogue = self.catalogue()
        self._fill_regions()
        self.group.fill(
            [("", _("Chọn nhóm xã…")), *((group.id, group.name) for group in catalogue.groups)] if catalogue else []
        )
        self.rule.setChecked(False)
        if catalogue is not None:
            years = _years(catalogue)
            if len(years) and self.year.value() not in years:
                self.year.setValue(min(max(self.year.value(), years[0]), years[-1]))
            _tell(self._rule_text, catalogue.special_rules[0].text if catalogue.special_rules else "")
        self._form.setRowVisible(self._rows[self.region], bool(catalogue and catalogue.regions))
        self._form.setRowVisible(self._rows[self.group], bool(catalogue and catalogue.groups))
        self._form.setRowVisible(self._rows[self.rule], bool(catalogue and catalogue.special_rules))
        self._show_notes()

    def _fill_regions(self) -> None:
        catalogue = self.catalogue()
        regions = {region.id: region.name for region in catalogue.regions} if catalogue else {}
        likely = [name for name in self._candidates if name in regions]
        ordered = [*likely, *(name for name in regions if name not in likely)]
        self.region.fill([("", _("Chọn vùng…")), *((name, regions[name]) for name in ordered)])
        if len(likely) == 1:
            self.region.setCurrentIndex(1)

    def _show_notes(self) -> None:
        catalogue = self.catalogue()
        incomplete = catalogue is not None and not catalogue.indicators_complete
        _tell(
            self._set_note,
            _("Bộ này chưa đủ chỉ tiêu: phần mềm nhận kết quả nhưng không kết luận đạt hay chưa đạt.")
            if incomplete
            else "",
        )
        wide = bool(catalogue and catalogue.regions)
        several = len([name for name in self._candidates if self.region.findData(name) >= 0]) > 1
        words = (
            _("Tỉnh này gồm nhiều vùng cũ; hãy chọn vùng của xã.") if several else _("Hãy kiểm tra lại vùng của xã.")
        )
        _tell(self._region_note, words if wide and self._candidates else "")
        chosen = [group.definition for group in catalogue.groups if group.id == self.group.chosen] if catalogue else []
        _tell(self._group_note, chosen[0] if chosen else "")
        self.changed.emit()


class _Box(QComboBox):
    """A list of (id, name)."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(18)

    @property
    def chosen(self) -> str:
        data = self.currentData()
        return data if isinstance(data, str) else ""

    def fill(self, rows: Sequence[tuple[str, str]]) -> None:
        before = self.chosen
        self.blockSignals(True)
        self.clear()
        for key, name in rows:
            self.addItem(name, key)
        kept = self.findData(before) if before else -1
        self.setCurrentIndex(max(kept, 0) if rows else -1)
        self.blockSignals(False)


def _note() -> QLabel:
    label = soft(QLabel())
    label.setWordWrap(True)
    return label


def _tell(label: QLabel, words: str) -> None:
    label.setText(words)
    label.setVisible(bool(words))


def _row(form: QFormLayout, words: str, field: QWidget, note: QLabel | None) -> QWidget:
    """A labelled field with its note right below it."""
    cell = QWidget()
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(field)
    if note is not None:
        note.hide()
        column.addWidget(note)
    label = QLabel(words)
    label.setFixedHeight(SIZE.target)
    label.setBuddy(field)
    form.addRow(label, cell)
    return cell


def _years(catalogue: Catalogue) -> range:
    found = [int(year) for year in re.findall(r"\b20\d\d\b", catalogue.period)]
    return range(found[0], found[-1] + 1) if found else range(0)


def _this_year() -> int:
    return datetime.now(UTC).astimezone(VIETNAM).year
