"""All records of the shown assessment as drafts: what is typed goes to the store after half a second of quiet."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.records import BY_ID, LISTS, SELF, Record
from ui.forms.autosave import LONGEST, QUIET
from ui.forms.record_draft import Batch, Given, RecordDraft
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.dossier_data import Added
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task


class RecordDrafts(QObject):
    """Drafts by kind; those of a list in an order that stays while one works on it."""

    edited = Signal(object, str)  # draft, field: the person changed it
    shown_anew = Signal(object, tuple)  # draft, fields: the store has something else there
    taken_over = Signal()  # once after all of that
    rows_changed = Signal(str)  # kind: records of a list came or went
    saved = Signal(object)  # draft
    failed = Signal(str)  # what happened and what is safe

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.assessment_id = ""
        self._lists: dict[str, list[RecordDraft]] = {kind: [] for kind in LISTS}
        self._others: dict[tuple[str, str], RecordDraft] = {}
        self._order: dict[str, list[str]] = {}
        self._expected: dict[str, Mapping[tuple[str, str], str]] = {}  # by record id: texts that cannot be read
        self._gone: list[RecordDraft] = []  # to be removed as soon as the store knows them
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._quiet.timeout.connect(lambda: self.flush())
        self._since = QElapsedTimer()
        self._saying = False  # the header says that something is being saved
        session.changed.connect(lambda _changes: self._still_saving())

    # --- what there is

    def rows(self, kind: str) -> list[RecordDraft]:
        """The records of a list."""
        return self._lists[kind]

    def one(self, kind: str, record_id: str = SELF) -> RecordDraft:
        """The record of a single kind, or one that belongs to something with an id; made where there is none."""
        if kind in self._lists:
            return next(draft for draft in self._lists[kind] if draft.record_id == record_id)
        if (kind, record_id) not in self._others:
            self._others[kind, record_id] = RecordDraft(BY_ID[kind], self.assessment_id, record_id)
        return self._others[kind, record_id]

    def find(self, kind: str, record_id: str) -> RecordDraft | None:
        """A record of a list."""
        return next((draft for draft in self._lists.get(kind, ()) if draft.record_id == record_id), None)

    def record_of(self, kind: str, record_id: str = SELF) -> Record:
        """A record as it would be stored now."""
        known = self._others.get((kind, record_id))
        return known.record() if known else Record(kind, record_id)

    def records(self, *kinds: str) -> tuple[Record, ...]:
        """Records of these kinds as they would be stored now."""
        drafts = [draft for kind in kinds for draft in self._lists.get(kind, ())]
        drafts += [draft for (kind, _id), draft in self._others.items() if kind in kinds]
        return tuple(record for record in (draft.record() for draft in drafts) if record.values)

    @property
    def settled(self) -> bool:
        """True where everything typed is in the store, what cannot be read aside."""
        return all(draft.settled or draft.problems() for draft in self._all())

    def _all(self) -> list[RecordDraft]:
        return [*(draft for drafts in self._lists.values() for draft in drafts), *self._others.values()]

    # --- from the store

    def take(self, facts: DossierFacts) -> None:
        """Show what the store has now; open fields and the order of lists stay as they are."""
        assessment_id = facts.assessed.assessment.assessment_id
        if assessment_id != self.assessment_id:
            self.flush(leaving=True)
            self.assessment_id = assessment_id
            self._lists = {kind: [] for kind in LISTS}
            self._others = {}
            for kind in LISTS:
                self.rows_changed.emit(kind)
        for kind in LISTS:
            self._take_list(kind, facts.of(kind))
        found = {(item.kind, item.record_id): item for item in facts.records if item.kind not in LISTS}
        for place in found.keys() - self._others.keys():
            record = found[place]
            self._others[place] = RecordDraft(BY_ID[record.kind], assessment_id, record.record_id, dict(record.values))
        for place, draft in self._others.items():
            self._rebase(draft, found[place].values if place in found else {})
        self._type_expected()
        self.taken_over.emit()

    def _take_list(self, kind: str, records: Sequence[Record]) -> None:
        self._order[kind] = [record.record_id for record in records]
        found = {record.record_id: record for record in records}
        drafts, kept = self._lists[kind], []
        for draft in drafts:
            if draft.record_id in found:
                kept.append(draft)
                self._rebase(draft, found[draft.record_id].values)
            elif not draft.record_id or draft.sending or not draft.stored:
                kept.append(draft)  # not there yet, or all its fields were just cleared here
            elif not draft.settled:  # removed elsewhere while something is typed: that is not lost
                draft.record_id, draft.stored = "", {}
                kept.append(draft)
        held = {draft.record_id for draft in kept}
        new = [record for record in records if record.record_id not in held]
        kept += [RecordDraft(BY_ID[kind], self.assessment_id, item.record_id, dict(item.values)) for item in new]
        kept = self._restored(kind, kept, new)
        if kept != drafts:
            self._lists[kind] = kept
            self.rows_changed.emit(kind)

    def _restored(self, kind: str, drafts: list[RecordDraft], new: Sequence[Record]) -> list[RecordDraft]:
        """What came anew stands where it belongs as long as the rest stands in its natural order."""
        order = {record_id: place for place, record_id in enumerate(self._order[kind])}
        new_ids = {record.record_id for record in new}
        old = [
            order[draft.record_id] for draft in drafts if draft.record_id in order and draft.record_id not in new_ids
        ]
        if new and old == sorted(old):
            return sorted(drafts, key=lambda draft: order.get(draft.record_id, len(order)))
        return drafts

    def _rebase(self, draft: RecordDraft, values: Mapping[str, str | int | bool]) -> None:
        names = draft.rebase(values)
        if names:
            self.shown_anew.emit(draft, names)

    def arrange(self, kind: str) -> None:
        """Put a list into its natural order, by date, year, place, name; rows that hold nothing go."""
        order = {record_id: place for place, record_id in enumerate(self._order.get(kind, ()))}
        filled = [draft for draft in self._lists[kind] if draft.sending or not draft.blank]
        wanted = sorted(filled, key=lambda draft: order.get(draft.record_id, len(order)))
        if wanted != self._lists[kind]:
            self._lists[kind] = wanted
            self.rows_changed.emit(kind)

    # --- what the person does

    def add(self, kind: str, given: Mapping[str, Given] | None = None) -> RecordDraft:
        """A new row at the end; it reaches the store with the first thing typed into it."""
        draft = RecordDraft(BY_ID[kind], self.assessment_id, "")
        self._lists[kind].append(draft)
        for name, value in (given or {}).items():
            draft.change(name, value)
        self.rows_changed.emit(kind)
        if not draft.blank:
            self._wait()
        return draft

    def change(self, draft: RecordDraft, name: str, given: Given) -> None:
        """Something was typed into a field."""
        if draft.change(name, given):
            self.edited.emit(draft, name)
            self._wait()

    def _wait(self) -> None:
        if not self._quiet.isActive():
            self._since.start()
        self._say_saving()
        if self._since.elapsed() >= LONGEST:
            self.flush()
        else:
            self._quiet.start()

    def remove(self, drafts: Sequence[RecordDraft]) -> None:
        """Take rows out of their list."""
        for draft in drafts:
            draft.removed = True
            self._lists[draft.kind.id] = [item for item in self._lists[draft.kind.id] if item is not draft]
            if draft.record_id:
                self._remove_stored(draft)
            elif draft.sending:
                self._gone.append(draft)
        for kind in dict.fromkeys(draft.kind.id for draft in drafts):
            self.rows_changed.emit(kind)

    def expect(self, kind: str, texts: Mapping[str, Mapping[tuple[str, str], str]]) -> None:
        """Texts of pasted rows, by record id, that cannot be read: they stand in their fields once the rows are there,
        to be mended by the person. The key of each is (kind, field); of counts (kind, question)."""
        self._expected |= {record_id: unread for record_id, unread in texts.items() if unread}
        self._type_expected()

    def _type_expected(self) -> None:
        known = {draft.record_id: draft for drafts in self._lists.values() for draft in drafts}
        for record_id in self._expected.keys() & known.keys():
            for (kind, name), text in self._expected.pop(record_id).items():
                own = known[record_id]
                if kind == own.kind.id:
                    self.change(own, name, text)
                else:
                    self.change(self.one(kind, f"{record_id}.{name}"), "satisfied", text)

    def put_back(self, drafts: Sequence[RecordDraft]) -> None:
        """Bring back rows that were taken out, what could not be read included."""
        for draft in drafts:
            on_its_way = draft in self._gone
            if on_its_way:
                self._gone.remove(draft)
                draft.removed = False
            if draft.record_id and self.find(draft.kind.id, draft.record_id) is not None:
                continue  # came back by «undo» already
            if not on_its_way:
                draft.reopen()
            self._lists[draft.kind.id] = [*self._lists[draft.kind.id], draft]
            self.rows_changed.emit(draft.kind.id)
        self.flush()

    def _remove_stored(self, draft: RecordDraft) -> None:
        assessment_id, kind, record_id = draft.assessment_id, draft.kind.id, draft.record_id

        def work(workspace: Workspace, task: Task) -> Changes:
            from ntm_desktop.operations import dossier_data

            return dossier_data.remove(workspace, assessment_id, kind, record_id)

        self._session.run(work, None, self._told)

    # --- to the store

    def flush(self, leaving: bool = False) -> None:
        """Hand over everything that can be read. ``leaving``: the window must tell a failure too."""
        self._quiet.stop()
        waiting = False
        for draft in self._all():
            batch = draft.send()
            if batch is not None:
                waiting = True
                self._send(draft, batch, leaving)
        if not waiting and self.settled and self._saying:
            self._say_saved()

    def _send(self, draft: RecordDraft, batch: Batch, leaving: bool) -> None:
        save = functools.partial(_save, draft.assessment_id, draft.kind.id, draft.record_id, dict(batch.typed))

        def refused(error: Exception) -> bool:
            draft.refused()
            return self._told(error) and not leaving

        self._say_saving()
        self._session.run(save, lambda done: self._taken(draft, batch, done), refused)

    def _taken(self, draft: RecordDraft, batch: Batch, done: Added | Changes) -> None:
        if not draft.record_id:
            draft.record_id = getattr(done, "record_id", "")
        draft.taken(batch)
        if draft in self._gone:
            self._gone.remove(draft)
            self._remove_stored(draft)
            return
        self.saved.emit(draft)
        again = None if self._quiet.isActive() else draft.send()
        if again is not None:
            self._send(draft, again, leaving=False)
        elif self.settled:
            self._say_saved()

    def _say_saving(self) -> None:
        self._saying = True
        self._session.save_state.emit("saving")

    def _say_saved(self) -> None:
        self._saying = False
        self._session.save_state.emit("saved")

    def _still_saving(self) -> None:
        """Something else was saved while more is typed here."""
        if not self.settled:
            self._say_saving()

    def _told(self, error: Exception) -> bool:
        self._session.save_state.emit("failed")
        expected = isinstance(error, UserError)
        self.failed.emit(str(error) if expected else _("Chưa lưu được số liệu vừa nhập; nội dung vẫn còn trong ô."))
        return expected


def _save(
    assessment_id: str, kind: str, record_id: str, values: Mapping[str, Given], workspace: Workspace, task: Task
) -> Added | Changes:
    from ntm_desktop.operations import dossier_data

    if record_id:
        return dossier_data.save(workspace, assessment_id, kind, record_id, values)
    return dossier_data.add(workspace, assessment_id, kind, values)
