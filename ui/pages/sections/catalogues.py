"""Sets of criteria: how complete each is, where its rows come from; installing one from a file, and the sheet."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from ntm_desktop import wording
from ntm_desktop.errors import CatalogueInvalid
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue, Source
from ui.pages.sections.section import Section, note
from ui.theme import SPACE, icon
from ui.widgets.banner import Banner, Mood
from ui.widgets.flow_layout import FlowLayout
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.catalogues import CatalogueInfo, Installed

_REF = Qt.ItemDataRole.UserRole


class CataloguesSection(Section):
    """A table of sets, what is known of the chosen one, and two buttons."""

    key = "catalogues"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.begin(
            _(
                "Bộ tiêu chí nào chưa đủ thì phần mềm không kết luận trên bộ đó. Người giữ quyết định có thể nhập đủ"
                " vào bảng Excel mẫu rồi cài vào đây; bộ mới không làm thay đổi kết quả đã có."
            )
        )
        sheet = self.sheet()
        self.table = self._make_table()
        sheet.addWidget(self.table)
        row = QWidget()
        buttons = FlowLayout(row, SPACE.small)
        self.install = QPushButton(icon("import-down"), _("Cài bộ tiêu chí từ tệp…"))
        self.install.clicked.connect(self._ask_install)
        self.template = QPushButton(icon("save-excel"), _("Lưu bảng Excel mẫu…"))
        self.template.clicked.connect(self._ask_template)
        buttons.addWidget(self.install)
        buttons.addWidget(self.template)
        sheet.addWidget(row)
        self.banner = Banner()
        sheet.addWidget(self.banner)
        self.problems = QPlainTextEdit()
        self.problems.setReadOnly(True)
        self.problems.setAccessibleName(_("Các lỗi trong tệp"))
        self.problems.setMinimumHeight(150)
        self.problems.hide()
        sheet.addWidget(self.problems)
        self.about = note("", selectable=True)
        self.sheet(_("Căn cứ và nguồn của bộ đang chọn")).addWidget(self.about)
        self.end()

    def title(self) -> str:
        return _("Bộ tiêu chí")

    def _make_table(self) -> QTreeWidget:
        table = QTreeWidget()
        table.setAccessibleName(_("Các bộ tiêu chí"))
        table.setHeaderLabels([_("Tên"), _("Bản"), _("Tiêu chí"), _("Chỉ tiêu"), _("Tình trạng")])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, 5):
            table.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        table.header().setStretchLastSection(False)
        table.setMinimumHeight(220)
        table.currentItemChanged.connect(lambda now, _before: self._ask_about(now))
        return table

    def activate(self) -> None:
        from ntm_desktop.operations import catalogues

        self.session.run(lambda workspace, task: catalogues.infos(workspace), self._show)

    def _show(self, infos: tuple[CatalogueInfo, ...]) -> None:
        chosen = self.chosen()
        self.table.clear()
        for info in infos:
            total = f"{info.indicators}/{info.indicator_total}" if info.indicator_total else str(info.indicators)
            state = _("Đủ") if info.complete else _("Chưa đủ")
            origin = "" if info.builtin else " " + _("(cài thêm)")
            item = QTreeWidgetItem([info.title + origin, info.version, str(info.criteria), total, state])
            item.setIcon(4, icon("met" if info.complete else "warning"))
            item.setData(0, _REF, f"{info.id}@{info.version}")
            item.setToolTip(0, info.name)
            self.table.addTopLevelItem(item)
            if chosen == f"{info.id}@{info.version}":
                self.table.setCurrentItem(item)
        first = self.table.topLevelItem(0)
        if not chosen and first is not None:
            self.table.setCurrentItem(first)

    def chosen(self) -> str:
        """The chosen set as ``id@version``."""
        item = self.table.currentItem()
        return str(item.data(0, _REF)) if item is not None else ""

    def _ask_about(self, item: QTreeWidgetItem | None) -> None:
        from ntm_desktop.operations import catalogues

        if item is None:
            return
        ref = str(item.data(0, _REF))
        self.session.run(lambda workspace, task: catalogues.get(workspace, ref), self._show_about)

    def _show_about(self, catalogue: Catalogue) -> None:
        if catalogue.ref == self.chosen():
            self.about.setText("\n".join(about(catalogue)))

    # --- installing

    def _ask_install(self) -> None:
        kinds = _("Bộ tiêu chí") + " (*.xlsx *.yaml *.yml)"
        name, _kind = QFileDialog.getOpenFileName(self, _("Chọn tệp bộ tiêu chí"), "", kinds)
        if name:
            self.install_from(Path(name))

    def install_from(self, file: Path) -> None:
        """Check a file and install it; problems are listed by row."""
        from ntm_desktop.operations import catalogues

        self.banner.clear()
        self.problems.hide()
        self.session.run(
            lambda workspace, task: catalogues.install(workspace, file),
            self._installed,
            self._refused,
            title=_("Đang kiểm tra bộ tiêu chí"),
        )

    def _installed(self, done: Installed) -> None:
        words = _("Đã cài «{name}», bản {version}.").format(name=done.catalogue.title, version=done.catalogue.version)
        hint = _("Thêm đợt đánh giá ở mục «Đợt đánh giá» để dùng bộ này.")
        self.banner.say(words, "\n".join([*done.warnings, hint]), Mood.GOOD)
        self.activate()

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, CatalogueInvalid):
            return False
        head, _newline, rest = error.message.partition("\n")
        self.banner.say(head, error.hint, Mood.WARNING)
        self.problems.setPlainText(rest)
        self.problems.setVisible(bool(rest))
        return True

    def _ask_template(self) -> None:
        from ntm_desktop.operations import catalogues

        ref = self.chosen()
        base = ref.partition("@")[0]
        proposed = f"mau-{base}.xlsx" if base else "mau-bo-tieu-chi.xlsx"
        name, _kind = QFileDialog.getSaveFileName(
            self, _("Lưu bảng Excel mẫu"), str(Path.home() / proposed), "Excel (*.xlsx)"
        )
        if not name:
            return
        file = Path(name) if name.lower().endswith(".xlsx") else Path(f"{name}.xlsx")

        def then(saved: Path) -> None:
            words = _("Đã lưu bảng mẫu vào {file}.").format(file=saved)
            self.banner.say(words, _("Điền đủ các dòng, ghi người nhập và người kiểm tra, rồi cài vào đây."), Mood.GOOD)

        self.session.run(
            lambda workspace, task: catalogues.template(file, ref, workspace), then, title=_("Đang ghi bảng mẫu")
        )


def about(catalogue: Catalogue) -> list[str]:
    """What is known of a set: its decision, amendments, and how sure its rows are."""
    lines = [f"{catalogue.name} ({wording.basis_text(catalogue.basis)})"]
    if catalogue.amended_by:
        changed = "; ".join(wording.basis_text(basis) for basis in catalogue.amended_by)
        lines.append(_("Sửa đổi, bổ sung: {changed}.").format(changed=changed))
    counts = Counter(indicator.provenance.threshold_source for indicator in catalogue.indicators())
    told = [f"{counts[source]} {_(wording.SOURCE_NAMES[source])}" for source in Source if counts[source]]
    lines.append(_("Nguồn của mức đạt chuẩn, theo số chỉ tiêu: {sources}.").format(sources="; ".join(told)))
    if catalogue.typed_by:
        lines.append(
            _("Người nhập: {typed}; người kiểm tra: {checked}.").format(
                typed=catalogue.typed_by, checked=catalogue.checked_by or "–"
            )
        )
    if catalogue.note:
        lines.append(catalogue.note)
    return lines
