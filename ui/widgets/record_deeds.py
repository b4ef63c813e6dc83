"""What a person does with rows of records: remove them, paste some. Both are told, and can be taken back at once."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.forms.record_draft import RecordDraft, read
from ui.forms.record_drafts import RecordDrafts
from ui.models.record_paste import cells_of, data_rows, is_table, unambiguous
from ui.models.rows import Index
from ui.widgets.banner import Banner, Mood
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.data_paste import Pasted, PastedRow
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task
    from ui.widgets.record_table import RecordTable

COUNTED = "poll_count"


@dataclass
class _Line:
    """One row on its way from the clipboard: what can be read, what cannot."""

    draft: RecordDraft | None
    typed: dict[str, str] = field(default_factory=dict)
    counts: dict[str, str] = field(default_factory=dict)
    unread: dict[tuple[str, str], str] = field(default_factory=dict)  # (kind, field or question) → text


class RecordDeeds(QObject):
    """Operations on rows, with what is to be told shown in ``banner``."""

    def __init__(self, session: Session, drafts: RecordDrafts, banner: Banner, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._drafts = drafts
        self._banner = banner
        self._offered = 0  # changes after which the offer to undo no longer means the pasting; 0 for no offer
        session.changed.connect(self._forget_offer)
        drafts.failed.connect(lambda sentence: banner.say(sentence, mood=Mood.ERROR))

    # --- removing

    def remove(self, drafts: Sequence[RecordDraft]) -> None:
        """Take rows out of their list."""
        sentence = _("Đã xoá {count} dòng trong «{what}».").format(count=len(drafts), what=_(drafts[0].kind.name))
        filled = [draft for draft in drafts if not draft.blank]
        self._offered = 0
        self._drafts.remove(drafts)
        if filled:
            back = functools.partial(self._put_back, filled)
            self._banner.say(sentence, mood=Mood.INFO, deeds=[(_("Hoàn tác"), back)])

    def _put_back(self, drafts: Sequence[RecordDraft]) -> None:
        self._banner.clear()
        self._drafts.put_back(drafts)

    def _undo(self) -> None:
        self._offered = 0
        self._banner.clear()
        self._session.run(_undo_one, None, self._refused)

    def _forget_offer(self, _changes: object) -> None:
        """The first change after the offer is the pasting itself; after any further one, undo would mean that one."""
        if self._offered == 2:
            self._offered = 0
            self._banner.clear()
        elif self._offered == 1:
            self._offered = 2

    # --- pasting

    def paste(self, table: RecordTable, text: str, start: Index | None) -> None:
        """Put copied cells into a table: from ``start`` on, or as new rows. What cannot be read stays in its cell."""
        if start is not None and not is_table(text):
            if start.flags() & Qt.ItemFlag.ItemIsEditable:
                table.rows.setData(start, text.strip())
                self._drafts.flush()
            return
        titles = [column.name for column in table.rows.columns]
        first = start.column() if start is not None else 0
        fillable = [place for place, column in enumerate(table.rows.columns) if column.field and place >= first]
        numbered = bool(fillable) and table.rows.columns[fillable[0]].numeric
        rows = data_rows(unambiguous(cells_of(text)), titles, numbered=numbered)
        if not rows:
            self._banner.say(
                _("Chưa có dòng nào để dán."),
                _("Hãy sao chép các ô trong bảng tính (Ctrl+C) rồi dán vào đây."),
                Mood.WARNING,
            )
            return
        top = start.row() if start is not None else len(table.rows.rows)
        lines = [self._line(table, cells, top + place, fillable) for place, cells in enumerate(rows)]
        self._hand_over(table, lines)

    def _line(self, table: RecordTable, cells: Sequence[str], row: int, fillable: Sequence[int]) -> _Line:
        model = table.rows
        line = _Line(model.rows[row] if row < len(model.rows) else None)
        for place, text in zip(fillable, cells, strict=False):
            column = model.columns[place]
            assert column.field is not None
            counted = column.key not in table.kind.by_id
            kind = self._drafts.one(COUNTED).kind if counted else table.kind
            _value, problem = read(kind, column.field.id, text)
            if problem:
                line.unread[kind.id, column.key] = text
            elif counted:
                line.counts[column.key] = text
            else:
                line.typed[column.key] = text
        return line

    def _hand_over(self, table: RecordTable, lines: Sequence[_Line]) -> None:
        from ntm_desktop.operations import data_paste

        self._drafts.flush()
        kind, assessment_id = table.kind.id, self._drafts.assessment_id
        rows = [
            data_paste.PastedRow(line.draft.record_id if line.draft else "", line.typed, line.counts) for line in lines
        ]
        blank = [line.draft for line in lines if line.draft is not None and not line.draft.record_id]
        if blank:
            self._drafts.remove(blank)  # what is pasted comes as a record of its own

        def then(pasted: Pasted) -> None:
            self._offered = 1
            unread = sum(len(line.unread) for line in lines)
            sentence = _("Đã dán {count} dòng vào «{what}».").format(count=len(lines), what=_(table.kind.name))
            hint = _("{count} ô chưa đọc được: hãy sửa các ô có nền đỏ.").format(count=unread) if unread else ""
            mood = Mood.WARNING if unread else Mood.GOOD
            self._banner.say(sentence, hint, mood, [(_("Hoàn tác"), self._undo)])
            self._drafts.expect(kind, dict(zip(pasted.record_ids, (line.unread for line in lines), strict=True)))

        self._session.run(functools.partial(_paste, assessment_id, kind, rows), then, self._refused)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self._banner.say(error.message, error.hint, Mood.ERROR)
        return True


def _paste(assessment_id: str, kind: str, rows: Sequence[PastedRow], workspace: Workspace, task: Task) -> Pasted:
    from ntm_desktop.operations import data_paste

    return data_paste.paste(workspace, assessment_id, kind, rows)


def _undo_one(workspace: Workspace, task: Task) -> object:
    from ntm_desktop.operations import history

    return history.undo(workspace)
