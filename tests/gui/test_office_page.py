"""The office page: many packages in at once, the table of communes, the matrix, a commune opened to read."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ntm_desktop.model.assessment import Tally, Verdict
from ntm_desktop.model.units import Level, Unit
from ntm_desktop.operations import packages, results, setup
from ntm_desktop.operations.overview import CommuneRow
from ui.dialogs.office_matrix import OfficeMatrix
from ui.dialogs.office_received import OfficeReceived
from ui.main_window import MainWindow
from ui.models.commune_table import Band, band_of, summary_line
from ui.pages.office import OfficePage

Settle = Callable[..., None]
COMMUNES = ("03390", "03394")


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages of two communes and a file that only looks like one."""
    base = tmp_path_factory.mktemp("gói")
    for code in COMMUNES:
        commune = setup.create(
            base / code, unit_code=code, role="commune", catalogue_id="xa-ntm-2021-2025", year=2024, region="tdmnpb"
        )
        current = commune.info().current
        results.save(commune, current, "17.1", {"value": {"numerator": "812", "denominator": "1040"}})
        packages.export(commune, base / "USB", sealing=packages.Sealing(packages.PLAIN))
        commune.close()
    (base / "USB" / "hỏng.ntmpkg").write_bytes(b"PK\x03\x04 no package")
    return base / "USB"


@pytest.fixture
def page(office_window: MainWindow, settle: Settle) -> OfficePage:
    office_window.show_page("office")
    settle(office_window)
    found = office_window.page("office")
    assert isinstance(found, OfficePage)
    return found


def receive(page: OfficePage, window: MainWindow, settle: Settle, place: Path) -> None:
    page.receive([place])
    settle(window)
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.close()
    settle(window)


# --- packages in


def test_an_empty_office_says_what_to_do(page: OfficePage) -> None:
    assert "Chưa nhận gói" in page._empty.text()
    assert page.first_focus() is page.files_button
    assert not page.matrix_button.isEnabled()


def test_a_folder_is_taken_each_package_for_itself(
    office_window: MainWindow, page: OfficePage, settle: Settle, stick: Path
) -> None:
    page.receive([stick])
    settle(office_window)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, OfficeReceived)
    assert dialog._model.rowCount() == 3
    first = dialog._model.index(0, 0)
    assert first.data() == "hỏng.ntmpkg"
    assert "hỏng.ntmpkg" in dialog._model.index(0, 2).data()
    dialog.close()
    settle(office_window)
    assert "Đã nhận 2 gói mới." in page.banner.text
    assert "1 gói không nhận được" in page.banner.text
    assert {row.unit.code for row in page._model.rows} == set(COMMUNES)
    assert page.table.model().rowCount() == 2
    assert "2 xã" in page.summary.text()
    receive(page, office_window, settle, stick)
    assert "2 gói đã nhận từ trước" in page.banner.text


def test_a_folder_without_packages_says_so(
    office_window: MainWindow, page: OfficePage, settle: Settle, tmp_path: Path
) -> None:
    receive(page, office_window, settle, tmp_path)
    assert "Không thấy gói nào" in page.banner.text


def test_cancelling_keeps_what_was_taken_and_leaves_the_page_usable(
    office_window: MainWindow, page: OfficePage, settle: Settle, stick: Path
) -> None:
    page.receive([stick])
    assert page._task is not None
    assert not page.files_button.isEnabled()
    page._task.cancel()
    settle(office_window)
    if (dialog := QApplication.activeModalWidget()) is not None:
        dialog.close()
    assert page.files_button.isEnabled()
    assert page.banner.text
    receive(page, office_window, settle, stick)
    assert {row.unit.code for row in page._model.rows} == set(COMMUNES)


# --- opening a commune


def test_enter_opens_a_commune_to_read_and_escape_comes_back(
    office_window: MainWindow, page: OfficePage, settle: Settle, stick: Path
) -> None:
    receive(page, office_window, settle, stick)
    page.banner.clear()
    page.table.setFocus()
    page.table.setCurrentIndex(page._proxy.index(0, 0))
    opened = page._proxy.shown_rows()[0]
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    settle(office_window)
    assert office_window.current_key == "criteria"
    assert office_window.session.read_only
    shown = office_window.session.assessed
    assert shown is not None
    assert shown.assessment.assessment_id == opened.assessment_id
    assert shown.by_code["17.1"].result.entered
    QTest.keyClick(office_window, Qt.Key.Key_Escape)
    settle(office_window)
    assert office_window.current_key == "office"
    assert page.table.currentIndex().row() == 0


def test_the_matrix_opens_a_commune_at_a_criterion(
    office_window: MainWindow, page: OfficePage, settle: Settle, stick: Path
) -> None:
    receive(page, office_window, settle, stick)
    QTest.mouseClick(page.matrix_button, Qt.MouseButton.LeftButton)
    matrix = QApplication.activeModalWidget()
    assert isinstance(matrix, OfficeMatrix)
    model = matrix.table.model()
    assert (model.rowCount(), model.columnCount()) == (3, 19)
    symbols = {model.index(row, 16).data() for row in (1, 2)}
    assert symbols <= {"✔", "✖", "○", "–"}
    assert "tiêu chí 17" in model.index(1, 16).data(Qt.ItemDataRole.AccessibleTextRole)
    matrix.table.setCurrentIndex(model.index(2, 16))
    QTest.keyClick(matrix.table, Qt.Key.Key_Return)
    settle(office_window)
    assert office_window.current_key == "criteria"
    assert office_window.session.shown_id == page._proxy.shown_rows()[1].assessment_id


# --- the table


def commune(number: int, name: str, met: int, missing: int = 0) -> CommuneRow:
    unit = Unit(f"{number:05d}", name, f"Xã {name}", "xa", Level.COMMUNE, "12", "Tỉnh Lai Châu")
    verdicts = {str(place): Verdict.MET if place <= met else Verdict.NOT_MET for place in range(1, 20)}
    return CommuneRow(
        unit=unit,
        assessment_id=f"{unit.code}.xa-ntm-2021-2025.2024",
        catalogue_title="Xã NTM 2021-2025",
        year=2024,
        criteria=Tally(met=met, not_met=19 - met),
        indicators=Tally(met=met * 3, not_met=57 - met * 3),
        unmet_criteria=tuple(number for number, verdict in verdicts.items() if verdict is Verdict.NOT_MET),
        missing_evidence=missing,
        last_package_at=datetime(2024, 11, 1, tzinfo=UTC),
        verdicts=verdicts,
    )


MET = {"Đông Sơn": 19, "An Bình": 16, "Ân Thi": 12, "Ăn Mòn": 7, "Dương Hoà": 3, "Ea Kao": 18}


@pytest.fixture
def filled(page: OfficePage) -> OfficePage:
    rows = [commune(number, name, met) for number, (name, met) in enumerate(MET.items(), start=1)]
    page._show(tuple(rows))
    return page


def names(page: OfficePage) -> list[str]:
    return [row.unit.name for row in page._proxy.shown_rows()]


def test_names_are_in_vietnamese_order(filled: OfficePage) -> None:
    assert names(filled) == ["An Bình", "Ăn Mòn", "Ân Thi", "Dương Hoà", "Đông Sơn", "Ea Kao"]


def test_columns_sort_by_value_not_by_text(filled: OfficePage) -> None:
    filled.table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert [row.criteria.met for row in filled._proxy.shown_rows()] == [3, 7, 12, 16, 18, 19]


def test_search_and_bands(filled: OfficePage) -> None:
    filled.search.setText("dong")
    assert names(filled) == ["Đông Sơn"]
    filled.search.clear()
    assert [filled.bands.itemText(row) for row in range(filled.bands.count())] == [
        "Mọi mức đạt (6)",
        "Đạt đủ (1)",
        "15–18 tiêu chí (2)",
        "10–14 tiêu chí (1)",
        "5–9 tiêu chí (1)",
        "Dưới 5 tiêu chí (1)",
    ]
    filled.bands.setCurrentIndex(2)
    assert names(filled) == ["An Bình", "Ea Kao"]
    filled.search.setText("không có xã này")
    assert "Không có xã nào khớp" in filled._empty.text()


def test_what_offices_report(filled: OfficePage) -> None:
    assert filled.summary.text().split("  ·  ") == [
        "6 xã",
        "Đạt đủ: 1",
        "15–18 tiêu chí: 2",
        "10–14 tiêu chí: 1",
        "5–9 tiêu chí: 1",
        "Dưới 5 tiêu chí: 1",
        "bình quân 12,5 tiêu chí/xã",
    ]
    assert summary_line(()) == ""


@pytest.mark.parametrize(
    ("tally", "band"),
    [
        (Tally(met=19), Band.FULL),
        (Tally(met=18, not_applicable=1), Band.FULL),
        (Tally(met=18, not_met=1), Band.FROM_15),
        (Tally(met=15, not_assessed=4), Band.FROM_15),
        (Tally(met=14, not_met=5), Band.FROM_10),
        (Tally(met=9, not_met=10), Band.FROM_5),
        (Tally(met=4, not_met=15), Band.BELOW_5),
        (Tally(), Band.BELOW_5),
    ],
)
def test_bands(tally: Tally, band: Band) -> None:
    assert band_of(tally) is band


def test_150_communes_stay_fluid(page: OfficePage, qapp: QApplication) -> None:
    before = len(page.findChildren(QWidget))
    rows = tuple(commune(number, f"Mẫu {number}", number % 20, number % 3) for number in range(150))
    began = time.perf_counter()
    page._show(rows)
    for text in ("m", "ma", "mau", "mau 1", ""):
        page.search.setText(text)
        page.table.viewport().repaint()
    assert time.perf_counter() - began < 2.0
    assert page._proxy.rowCount() == 150
    assert len(page.findChildren(QWidget)) <= before + 4  # no widget per row
    page.lacking.setChecked(True)
    assert page._proxy.rowCount() == 100


def test_what_is_chosen_stays_chosen_when_rows_are_read_anew(filled: OfficePage) -> None:
    filled.table.setCurrentIndex(filled._proxy.index(3, 0))
    rows = [*filled._model.rows, commune(9, "Bản Mới", 10)]
    filled._show(tuple(rows))
    assert filled.table.currentIndex().data() == "Xã Dương Hoà"
    assert len(filled._model.rows) == 7


def test_every_control_has_a_name(page: OfficePage) -> None:
    for widget in (page.table, page.search, page.sets, page.bands):
        assert widget.accessibleName(), widget
    for button in (page.files_button, page.folder_button, page.matrix_button, page.open_button):
        assert button.sizeHint().height() >= 32
