"""Which printer, which pages, how many copies."""

from __future__ import annotations

from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.i18n import _
from ui.theme import SPACE, heading, icon, primary, soft


class PrintPages(QDialog):
    """Asks what a print dialog asks, in the person's language and with nothing that is not needed."""

    def __init__(self, name: str, page: int, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("In {name}").format(name=name))
        self._count = count
        self.printers = QComboBox()
        for info in QPrinterInfo.availablePrinters():
            self.printers.addItem(icon("print"), info.description() or info.printerName(), info.printerName())
        self.printers.setCurrentIndex(max(0, self.printers.findData(QPrinterInfo.defaultPrinterName())))
        self.all_pages = QRadioButton(_("&Tất cả {count} trang").format(count=count))
        self.some_pages = QRadioButton(_("Từ t&rang"))
        self.all_pages.setChecked(True)
        self.first, self.last, self.copies = QSpinBox(), QSpinBox(), QSpinBox()
        for box, value, most in ((self.first, page, count), (self.last, page, count), (self.copies, 1, 99)):
            box.setRange(1, most)
            box.setValue(value)
        self.copies.setMaximumWidth(110)
        self.first.setAccessibleName(_("Từ trang"))
        self.last.setAccessibleName(_("đến trang"))
        for box in (self.first, self.last):
            box.valueChanged.connect(lambda _value: self.some_pages.setChecked(True))
        self.both_sides = QComboBox()
        for words, mode in (
            (_("Một mặt giấy"), QPrinter.DuplexMode.DuplexNone),
            (_("Hai mặt giấy, lật theo cạnh dài"), QPrinter.DuplexMode.DuplexLongSide),
            (_("Theo cài đặt của máy in"), QPrinter.DuplexMode.DuplexAuto),
            (_("Hai mặt, tự lật giấy: in trang lẻ trước"), None),
        ):
            self.both_sides.addItem(words, mode)
        self.hint = soft(QLabel())
        self.hint.setWordWrap(True)
        self.both_sides.currentIndexChanged.connect(lambda _row: self._tell())
        self._system: QPrinter | None = None
        self._build()

    def _build(self) -> None:
        pages = QHBoxLayout()
        pages.setSpacing(SPACE.small)
        pages.addWidget(self.some_pages)
        pages.addWidget(self.first)
        pages.addWidget(QLabel(_("đến")))
        pages.addWidget(self.last)
        pages.addStretch(1)
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE.large)
        form.setVerticalSpacing(SPACE.small)
        form.addRow(_("&Máy in"), self.printers)
        form.addRow(_("Các trang"), self.all_pages)
        form.addRow("", pages)
        form.addRow(_("&Số bản"), self.copies)
        form.addRow(_("Mặt &giấy"), self.both_sides)
        form.addRow("", self.hint)
        self._tell()
        self.go = primary(QPushButton(icon("print", "#ffffff"), _("&In")))
        self.go.setDefault(True)
        self.go.clicked.connect(self.accept)
        leave = QPushButton(_("Không in"))
        leave.clicked.connect(self.reject)
        system = QPushButton(_("&Hộp thoại của hệ thống…"))
        system.clicked.connect(self._ask_system)
        foot = QHBoxLayout()
        foot.addWidget(system)
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.medium)
        column.addWidget(heading(QLabel(self.windowTitle()), 2))
        column.addLayout(form)
        column.addLayout(foot)

    def _tell(self) -> None:
        """What a person must know about both sides."""
        if self.by_hand:
            words = _("Máy in in các trang lẻ. Sau đó lật cả chồng giấy, cho lại vào khay rồi bấm «In mặt sau».")
        elif self.both_sides.currentData() is QPrinter.DuplexMode.DuplexLongSide:
            words = _("Máy in phải in được hai mặt. Văn bản trình ký thường in một mặt.")
        else:
            words = ""
        self.hint.setText(words)
        self.hint.setVisible(bool(words))

    @property
    def by_hand(self) -> bool:
        """True where the person turns the paper."""
        return self._system is None and self.both_sides.currentData() is None

    def _ask_system(self) -> None:
        """The system's own dialog, with everything that the printer's driver offers."""
        printer = self.printer()
        dialog = QPrintDialog(printer, self)
        dialog.setModal(True)
        dialog.setMinMax(1, self._count)
        dialog.setFromTo(self.first.value(), self.last.value())
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, True)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, False)
        dialog.accepted.connect(lambda: self._take(printer))
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def _take(self, printer: QPrinter) -> None:
        self._system = printer
        ranged = printer.printRange() == QPrinter.PrintRange.PageRange
        self.some_pages.setChecked(ranged)
        self.all_pages.setChecked(not ranged)
        if ranged:
            self.first.setValue(max(1, printer.fromPage()))
            self.last.setValue(printer.toPage() or self._count)
        self.copies.setValue(max(1, printer.copyCount()))
        printer.setCopyCount(1)  # the job counts the copies itself
        self.accept()

    def printer(self) -> QPrinter:
        """The chosen printer, set up."""
        if self._system is not None:
            return self._system
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPrinterName(str(self.printers.currentData()))
        printer.setDuplex(self.both_sides.currentData() or QPrinter.DuplexMode.DuplexNone)
        return printer

    def pages(self) -> tuple[int, int]:
        """First and last page, from 1."""
        if self.all_pages.isChecked():
            return 1, self._count
        first, last = self.first.value(), self.last.value()
        return min(first, last), max(first, last)
