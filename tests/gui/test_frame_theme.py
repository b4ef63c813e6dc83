"""Colours that can be read, icons that are sharp, words that are Vietnamese."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QPlainTextEdit, QStyle

from ntm_desktop import paths
from ntm_desktop.model.assessment import Tally, Verdict
from ui import theme
from ui.app import make_app
from ui.texts import QtWords, words
from ui.theme.values import COLOURS, VERDICT_TONES
from ui.widgets.verdict_bar import VerdictBar


def luminance(colour: str) -> float:
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXTS = [
    (ink, ground)
    for ink in (COLOURS.text, COLOURS.soft, COLOURS.accent, COLOURS.accent_deep, COLOURS.error, COLOURS.warning)
    for ground in (COLOURS.surface, COLOURS.ground)
]
TEXTS += [(COLOURS.on_accent, COLOURS.accent), (COLOURS.on_accent, COLOURS.accent_deep)]
TEXTS += [(COLOURS.accent_deep, COLOURS.accent_soft), (COLOURS.text, COLOURS.accent_soft)]
TEXTS += [
    (COLOURS.accent, COLOURS.accent_soft),
    (COLOURS.text, COLOURS.warning_soft),
    (COLOURS.text, COLOURS.error_soft),
]
TEXTS += [(found.ink, ground) for found in VERDICT_TONES.values() for ground in (found.ground, COLOURS.surface)]
TEXTS += [(found.ink, COLOURS.ground) for found in VERDICT_TONES.values()]


@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_can_be_read_on_its_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


def test_fields_have_an_edge_that_can_be_seen() -> None:
    assert contrast(COLOURS.edge, COLOURS.surface) >= 3
    assert contrast(COLOURS.accent, COLOURS.surface) >= 3


def test_the_font_has_every_vietnamese_letter(qapp: QApplication) -> None:
    letters = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    metrics = QFontMetrics(qapp.font())
    assert qapp.font().family() in QFontDatabase.families()
    assert [letter for letter in letters + letters.upper() if not metrics.inFontUcs4(ord(letter))] == []
    assert 10 <= qapp.font().pointSizeF() <= 11


def test_every_icon_can_be_drawn_sharp_and_tinted(qapp: QApplication) -> None:
    names = sorted(file.stem for file in (paths.resources() / "icons").glob("*.svg") if not file.stem.startswith("app"))
    assert len(names) > 40
    for name in names:
        drawn = theme.icon(name, "#ff0000").pixmap(QSize(20, 20), 2.0)
        assert drawn.size() == QSize(40, 40), name
        image = drawn.toImage()
        seen = {
            image.pixelColor(x, y).name() for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() > 250
        }
        assert seen, name
        assert "#ff0000" in seen, name


def test_an_unknown_icon_is_a_mistake_that_shows() -> None:
    with pytest.raises(FileNotFoundError):
        theme.icon("no such icon")


def test_verdicts_never_rest_on_colour_alone(qapp: QApplication) -> None:
    bar = VerdictBar("Tiêu chí")
    bar.set_tally(Tally(met=16, not_met=2, not_assessed=1))
    words = {verdict: bar.button(verdict).text() for verdict in Verdict}
    assert words[Verdict.MET] == "Đạt: 16"
    assert words[Verdict.NOT_MET] == "Chưa đạt: 2"
    assert all(not bar.button(verdict).icon().isNull() for verdict in Verdict)
    assert not bar.button(Verdict.NOT_APPLICABLE).isEnabled()
    assert bar.button(Verdict.MET).accessibleName() == "Tiêu chí, Đạt: 16"


def test_standard_words_of_qt_are_vietnamese(qapp: QApplication) -> None:
    translator = QtWords(qapp)
    assert qapp.installTranslator(translator)
    try:
        everything = QDialogButtonBox.StandardButton
        box = QDialogButtonBox()
        for kind in everything:
            if kind.name not in ("NoButton", "FirstButton", "LastButton"):
                box.addButton(kind)
        texts = {button.text().replace("&", "") for button in box.buttons()}
        assert {"Đồng ý", "Huỷ", "Đóng", "Lưu", "Mở", "Có", "Không", "Thử lại", "Trợ giúp"} <= texts
        english = {key.replace("&", "") for key in words()}
        assert texts & english == set()
        line, text = QLineEdit(), QPlainTextEdit()
        menu = line.createStandardContextMenu()
        assert [action.text().partition("\t")[0] for action in menu.actions() if action.text()] == [
            "&Hoàn tác",
            "&Làm lại",
            "&Cắt",
            "&Sao chép",
            "&Dán",
            "Xoá",
            "Chọn tất cả",
        ]
        assert text.createStandardContextMenu().actions()[0].text().startswith("&Hoàn tác")
    finally:
        qapp.removeTranslator(translator)


def test_mnemonics_can_be_typed() -> None:
    """Alt with đ or ệ is on no keyboard."""
    from ui.actions import ENTRIES, MENUS

    for text in [*words().values(), *MENUS.values(), *(entry.words for entry in ENTRIES)]:
        for place, char in enumerate(text[:-1]):
            if char == "&" and text[place + 1] != "&":
                assert text[place + 1].isascii(), text


def test_menu_mnemonics_differ() -> None:
    from ui.actions import ENTRIES, MENUS

    def letter(text: str) -> str:
        return text[text.index("&") + 1].lower() if "&" in text else ""

    tops = [letter(words) for words in MENUS.values()]
    assert len(set(tops)) == len(tops)
    for menu in MENUS:
        letters = [letter(entry.words) for entry in ENTRIES if entry.menu == menu and entry.key]
        assert len(set(letters)) == len(letters), menu


def test_fusion_with_one_sheet(qapp: QApplication) -> None:
    assert make_app() is qapp
    assert isinstance(qapp.style(), QStyle)
    assert "@icons" not in qapp.styleSheet()
