"""A set typed into the workbook: rows of the sheets → the same tree that a YAML file gives → the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ntm_desktop.catalogue import template_layout as layout
from ntm_desktop.catalogue.nodes import Node, NodeKind, Unreadable
from ntm_desktop.catalogue.problems import CatalogueProblem, ProblemCode, refusal
from ntm_desktop.catalogue.reading import Reading
from ntm_desktop.catalogue.sets import FORMAT, build_set
from ntm_desktop.catalogue.template_cells import cells, level
from ntm_desktop.catalogue.template_layout import Cell, Column
from ntm_desktop.catalogue.template_read import SheetRow, Workbook, read_workbook
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue, MeasureKind, Operator, Source
from ntm_desktop.model.text import search_key
from ntm_desktop.model.units import Level

Entries = dict[str, Node]


def read_template(path: Path) -> Catalogue:
    """The set typed into a workbook made by ``write_template``.

    Every row's source is ``typed``; who typed and who checked must be named.

    Raises:
        CatalogueInvalid: the message names all problems with sheet, row and column.
    """
    catalogue, problems = _read(path)
    if catalogue is None or problems:
        raise refusal(path.name, problems)
    return catalogue


def check_template(path: Path) -> tuple[CatalogueProblem, ...]:
    """All problems of a workbook; none where :func:`read_template` takes it. ``line`` is the row in the sheet."""
    return _read(path)[1]


def with_version(catalogue: Catalogue, version: str) -> Catalogue:
    """The same set as another version."""
    return replace(catalogue, version=version)


def _read(path: Path) -> tuple[Catalogue | None, tuple[CatalogueProblem, ...]]:
    try:
        book = read_workbook(path)
    except Unreadable as error:
        return None, (error.problem,)
    reading = Reading(path.name)
    catalogue = build_set(reading, _Typed(reading, book).tree())
    return catalogue, tuple(reading.problems)


def _text(text: str, row: SheetRow | None = None) -> Node:
    return Node(NodeKind.TEXT, text, line=row.row if row else 0, spot=row.spot if row else "")


def _list(items: Iterable[Node]) -> Node:
    return Node(NodeKind.LIST, items=tuple(items))


def _map(entries: Mapping[str, Node], row: SheetRow) -> Node:
    return Node(NodeKind.MAP, entries=entries, line=row.row, spot=row.spot)


def _under(entries: Entries, name: str) -> Entries:
    """Take the entries whose keys stand under ``name.`` out of ``entries``."""
    keys = [key for key in entries if key.startswith(f"{name}.")]
    return {key.partition(".")[2]: entries.pop(key) for key in keys}


class _Typed:
    """Makes the tree of one workbook."""

    def __init__(self, reading: Reading, book: Workbook) -> None:
        self.reading = reading
        self.book = book
        self.rows = {key: self._real_rows(key) for key in book.rows}
        self.areas = self._areas()
        self.columns = {key: self._known_columns(key) for key in ("indicators", "by_year")}
        self.indicators = [(row, self._indicator_cells(row)) for row in self.rows["indicators"]]
        self.codes = {entries["code"].text for _row, entries in self.indicators}
        self.operators = {
            entries["code"].text: entries["operator"].text for _row, entries in self.indicators if "operator" in entries
        }
        self.ranks: dict[str, dict[str, str]] = {}

    def report(self, row: SheetRow, code: ProblemCode, message: str) -> None:
        """A problem of a row as a whole."""
        self.reading.report(_text("", row), "", code, message)

    def tree(self) -> Node:
        """The tree that a YAML file of the same content would have."""
        general = self.book.general
        entries = self._needed(general, layout.GENERAL, ("id", "version", "name", "period"))
        basis = _under(entries, "basis")
        if signer := basis.pop("signer", None):
            note = f"{basis['note'].text}; " if "note" in basis else ""
            basis["note"] = replace(signer, text=f"{note}{layout.SIGNER}{signer.text}")
        if "level" not in entries:
            entries["level"] = _text(Level.COMMUNE.value)
            if "level" not in general.cells:
                self.report(general, ProblemCode.EMPTY, _("«Cấp áp dụng» đang trống; mời chọn trong danh sách."))
        for key, message in (
            ("typed_by", _("«Người nhập» đang trống; mời ghi tên người đã nhập bộ tiêu chí.")),
            ("checked_by", _("«Người kiểm tra» đang trống; mời ghi tên người đã đối chiếu với quyết định.")),
        ):
            if key not in entries:
                self.report(general, ProblemCode.NOT_CHECKED, message)
        entries["format"] = Node(NodeKind.NUMBER, str(FORMAT))
        entries["basis"] = _map(basis, general)
        entries |= self.areas
        entries["amended_by"] = _list(
            _map(self._needed(row, layout.AMENDMENT_SHEET.columns, ()), row) for row in self.rows["amended_by"]
        )
        entries["special_rules"] = _list(self._special_rule(row) for row in self.rows["special_rules"])
        entries["criteria"] = _list(self._criteria())
        return _map(entries, general)

    def _real_rows(self, key: str) -> list[SheetRow]:
        """The rows of a sheet; examples are left aside as they were written, and reported where they were changed."""
        kept: list[SheetRow] = []
        for row in self.book.rows[key]:
            first = next(iter(row.cells.values()))
            if not search_key(str(first.value)).startswith(search_key(layout.EXAMPLE)):
                kept.append(row)
            elif not any(_same(row, example) for example in layout.EXAMPLES.get(key, ())):
                message = _("Hàng ví dụ đã bị sửa; nếu là hàng thật, mời bỏ chữ «VÍ DỤ», nếu không, mời xóa cả hàng.")
                self.report(row, ProblemCode.EXAMPLE_LEFT, message)
        return kept

    def _needed(self, row: SheetRow, columns: Iterable[Column], required: Sequence[str]) -> Entries:
        """A row's values. Required ones that are empty stand as empty texts, which the set's own rules refuse; those
        already reported get a stand-in, so that one mistake is told once."""
        found = cells(self.reading, row, columns)
        entries = {key: node for key, node in found.items() if node is not None}
        for key in required:
            if key not in entries:
                entries[key] = _text(f"0-{row.row}" if key in found else "", row)
        return entries

    def _areas(self) -> Entries:
        made: dict[str, list[Node]] = {"regions": [], "groups": []}
        for row in self.rows["areas"]:
            entries = self._needed(row, layout.AREA_SHEET.columns, ("id", "name"))
            what = entries.pop("what", None)
            if what is None:
                if "what" not in row.cells:
                    self.report(row, ProblemCode.EMPTY, _("Cột «Loại» đang trống; mời chọn «Vùng» hoặc «Nhóm xã»."))
                continue
            if what.text == "regions":
                entries.pop("definition", None)
            made[what.text].append(_map(entries, row))
        return {key: _list(nodes) for key, nodes in made.items()}

    def _known_columns(self, key: str) -> tuple[Column, ...]:
        """The columns of a sheet; threshold columns of regions and groups that the set does not name are reported."""
        named = {"by_region": "regions", "by_group": "groups"}
        kept: list[Column] = []
        for column in self.book.columns[key]:
            kind, _dot, area = column.key.partition(".")
            if kind not in named or area in self._area_ids(named[kind]):
                kept.append(column)
                continue
            code = ProblemCode.UNKNOWN_REGION if kind == "by_region" else ProblemCode.UNKNOWN_GROUP
            title = layout.YEAR_TITLE if key == "by_year" else layout.INDICATOR_TITLE
            spot = _("trang «{sheet}», cột «{column}»").format(sheet=title, column=column.title)
            message = _("Mã «{area}» không có ở trang «Vùng và nhóm xã»; mời thêm vào đó hoặc sửa lại tiêu đề cột.")
            at = Node(NodeKind.TEXT, line=layout.HEAD_ROW, spot=spot)
            self.reading.report(at, "", code, message.format(area=area[:40]))
        return tuple(kept)

    def _area_ids(self, what: str) -> set[str]:
        return {item.entries["id"].text for item in self.areas[what].items}

    def _special_rule(self, row: SheetRow) -> Node:
        entries = self._needed(row, layout.RULE_SHEET.columns, ("id", "text", "region"))
        return _map({**entries, "source": _text(Source.TYPED.value)}, row)

    def _criteria(self) -> list[Node]:
        details = self._details()
        by_number: dict[str, list[Node]] = {}
        for row, entries in self.indicators:
            number = entries.pop("criterion").text
            by_number.setdefault(number, []).append(self._indicator(row, entries, details))
        made: list[Node] = []
        for row in self.rows["criteria"]:
            entries = self._needed(row, layout.CRITERION_SHEET.columns, ("number", "name"))
            entries["indicators"] = _list(by_number.pop(entries["number"].text, []))
            made.append(_map(entries, row))
        for number, left in by_number.items():
            message = _("Tiêu chí số «{number}» không có ở trang «Tiêu chí»; mời thêm tiêu chí hoặc sửa lại số.")
            for node in left:
                self.reading.report(node, "", ProblemCode.UNKNOWN_VALUE, message.format(number=number or "?"))
        return made

    def _indicator_cells(self, row: SheetRow) -> Entries:
        """An indicator's values, thresholds left out."""
        columns = self.columns["indicators"]
        entries = self._needed(row, columns, ("code", "criterion", "name"))
        if "kind" not in entries:
            if "kind" not in row.cells:
                message = _("Cột «Loại» đang trống; mời chọn loại chỉ tiêu trong danh sách.")
                self.report(row, ProblemCode.UNKNOWN_KIND, message)
            operator = entries["operator"].text if "operator" in entries else ""
            holds = operator in (Operator.HOLDS, Operator.ABSENT)
            entries["kind"] = _text((MeasureKind.BOOLEAN if holds else MeasureKind.NUMBER).value, row)
        return entries

    def _details(self) -> dict[str, Entries]:
        """Choices, parts, further conditions and thresholds by year, by indicator code."""
        lists: dict[str, dict[str, list[Node]]] = {}
        for sheet, required in ((layout.CHOICE_SHEET, ("id", "name")), (layout.CONDITION_SHEET, ("text",))):
            for row in self.rows[sheet.key]:
                entries = self._needed(row, sheet.columns, ("code", *required))
                code = self._known_code(row, entries.pop("code").text)
                what = entries.pop("what", _text(sheet.key)).text
                if what == "parts":
                    entries.pop("rank", None)
                elif what == "choices":
                    rank = entries.setdefault("rank", Node(NodeKind.NULL, line=row.row, spot=row.spot))
                    self.ranks.setdefault(code, {})[search_key(entries["name"].text)] = rank.text
                lists.setdefault(code, {}).setdefault(what, []).append(_map(entries, row))
        details = {code: {what: _list(nodes) for what, nodes in found.items()} for code, found in lists.items()}
        for row in self.rows["by_year"]:
            entries = self._needed(row, layout.YEAR_HEAD, ("code", "year"))
            code = self._known_code(row, entries["code"].text)
            levels = self._levels(row, self.columns["by_year"], code)
            years = details.setdefault(code, {}).setdefault("by_year", Node(NodeKind.MAP, line=row.row, spot=row.spot))
            year = entries["year"].text
            if year in years.entries:
                message = _("Chỉ tiêu «{code}» có hai hàng cho năm {year}; mời gộp lại.").format(code=code, year=year)
                self.report(row, ProblemCode.DUPLICATE_KEY, message)
            details[code]["by_year"] = replace(years, entries={**years.entries, year: _map(levels, row)})
        return details

    def _known_code(self, row: SheetRow, code: str) -> str:
        if code not in self.codes:
            message = _("Mã chỉ tiêu «{code}» không có ở trang «Chỉ tiêu»; mời sửa lại mã.").format(code=code[:20])
            self.report(row, ProblemCode.UNKNOWN_INDICATOR, message)
        return code

    def _levels(self, row: SheetRow, columns: Iterable[Column], code: str) -> Entries:
        """All thresholds of a row by region, group or ``chung``; empty ones are not known."""
        operator, ranks = self.operators.get(code, ""), self.ranks.get(code, {})
        made: Entries = {}
        for column in columns:
            if column.cell is Cell.LEVEL:
                filled = row.cells.get(column.key)
                empty = Node(NodeKind.NULL, line=row.row, spot=row.spot)
                name = column.key.partition(".")[2] or column.key
                made[name] = level(self.reading, filled, operator, ranks) if filled else empty
        return made

    def _indicator(self, row: SheetRow, entries: Entries, details: Mapping[str, Entries]) -> Node:
        """One indicator. Where one region or group has a level, those left empty are not known."""
        code = entries["code"].text
        if basis := _under(entries, "basis"):
            entries["basis"] = _map(basis, row)
        columns = self.columns["indicators"]
        for kind in ("by_region", "by_group"):
            own = [column for column in columns if column.key.startswith(f"{kind}.")]
            if any(column.key in row.cells for column in own):
                entries[kind] = _map(self._levels(row, own, code), row)
        general = [column for column in columns if column.key == "threshold" and column.key in row.cells]
        entries |= self._levels(row, general, code)
        provenance = {key: _text(Source.TYPED.value) for key in ("source", "name_source", "threshold_source")}
        provenance |= {key: entries.pop(key) for key in ("note", "urls") if key in entries}
        entries["provenance"] = _map(provenance, row)
        return _map({**entries, **details.get(code, {})}, row)


def _same(row: SheetRow, example: Mapping[str, str]) -> bool:
    """Is the row the example as it was written?"""
    filled = {key: search_key(str(cell.value)) for key, cell in row.cells.items()}
    return filled == {key: search_key(value) for key, value in example.items()}
