"""What people write in the papers: texts per section with their history, in the window and back from Word."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_desktop import dossier as room
from ntm_desktop import wording
from ntm_desktop.dossier.document import Document, Paragraph, Section
from ntm_desktop.errors import InvalidInput, NotFound, StorageFailed
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.fields import LONGEST_TEXT
from ntm_desktop.model.procedure import DocumentEntry
from ntm_desktop.model.text import clean
from ntm_desktop.operations import dossier_data
from ntm_desktop.operations.dossier_facts import facts
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.workspace import Role, Workspace
from ntm_desktop.store.store import EditName

if TYPE_CHECKING:
    from ntm_desktop.dossier.word_reading import WordTexts

OWN, OFFICE = "section", "appraisal_section"
_WITH_PICTURES = "phu-luc-anh"
_HISTORY = 200


@dataclass(frozen=True, slots=True)
class SectionText:
    """One section of a paper: what is asked for, the template's own text, and what a person wrote (empty: nothing)."""

    document: str
    document_name: str
    id: str
    name: str
    ask: str
    default: str
    text: str
    kind: str = OWN

    @property
    def key(self) -> str:
        """«document.section», as in Word files and records."""
        return f"{self.document}.{self.id}"

    @property
    def shown(self) -> str:
        """What the paper prints there; empty where it prints dotted lines."""
        return self.text or self.default


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A text that a section had or has. ``version`` names it; empty text: the template's own was put back."""

    version: str
    at: datetime
    user: str
    text: str
    current: bool


@dataclass(frozen=True, slots=True)
class TakenSection:
    """A section whose text differs in the file."""

    key: str
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class OutsideEdit:
    """Lines outside of the sections that differ: as the program writes them now, and as they stand in the file."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came back from a Word file.

    ``unknown``: texts by key that no section of the procedure takes; ``missing``: names of sections that the file has
    no more; ``left_behind``: names of sections with pictures, footnotes or comments, which stay in the file;
    ``outside``: edits elsewhere, which must be made in the data or the template; ``outside_known`` is False
    where they could not be told apart; ``other_title``: the file's title where it is not that of this paper (of another
    year or unit).
    """

    document: str
    changes: Changes
    sections: tuple[TakenSection, ...]
    unknown: Mapping[str, str]
    missing: tuple[str, ...]
    left_behind: tuple[str, ...]
    outside: tuple[OutsideEdit, ...]
    outside_known: bool
    other_title: str
    dry_run: bool


# --- texts and their history


def sections(workspace: Workspace, assessment_id: str = "") -> tuple[SectionText, ...]:
    """The sections of all papers of the assessment's procedure, in their order.

    Raises:
        NotFound: there is no such assessment.
    """
    return sections_of(facts(workspace, assessment_id))


def sections_of(known: DossierFacts) -> tuple[SectionText, ...]:
    """The sections of all papers, from facts read before."""
    blank = replace(known, records=tuple(item for item in known.records if item.kind not in (OWN, OFFICE)))
    with_sections = [
        entry.id
        for entry in known.procedure.documents
        if entry.template in known.templates and known.templates[entry.template].sections()
    ]
    papers = room.build(blank, _today(), documents=with_sections)
    defaults = {block.key: _plain(block) for paper in papers for block in _sections_in(paper)}
    found: list[SectionText] = []
    for entry in known.procedure.documents:
        template = known.templates.get(entry.template)
        for block in template.sections() if template else ():
            name = block.options.get("id", "")
            found.append(
                SectionText(
                    entry.id,
                    entry.name,
                    name,
                    block.options.get("name", name),
                    block.options.get("ask", ""),
                    defaults.get(f"{entry.id}.{name}", ""),
                    known.section(entry.id, name, office=entry.by_office) or "",
                    OFFICE if entry.by_office else OWN,
                )
            )
    return tuple(found)


def save_text(workspace: Workspace, assessment_id: str, document: str, section: str, text: str) -> Changes:
    """Keep a person's text of a section; an empty one brings the template's own back.

    Raises:
        InvalidInput: it is too long. NotFound, ReadOnly: no such section, or not this computer's to write.
    """
    known = facts(workspace, assessment_id)
    kind = _kind_of(known, document, section)
    return dossier_data.save(workspace, assessment_id, kind, f"{document}.{section}", {"text": text})


def history_of(workspace: Workspace, assessment_id: str, document: str, section: str) -> tuple[EarlierText, ...]:
    """The texts that a section had, latest first: who wrote them and when.

    Raises:
        NotFound: there is no such assessment or section.
    """
    kind = _kind_of(facts(workspace, assessment_id), document, section)
    with workspace.store.read() as work:
        owner = workspace.assessment(work, assessment_id).assessment_id
        entity_id = f"{owner}/{document}.{section}"
        changes = work.rows.history([(kind, entity_id)], _HISTORY)
        state = work.journal.states([(kind, entity_id, "text")])[kind, entity_id, "text"]
    shown = str(state.value or "")
    found: list[EarlierText] = []
    for change in changes:
        text = str(change.value or "")
        current = text == shown and not any(item.current for item in found)
        version = f"{change.device}:{change.seq}"
        found.append(EarlierText(version, datetime.fromisoformat(change.at), change.user, text, current))
    return tuple(found)


def restore(workspace: Workspace, assessment_id: str, document: str, section: str, version: str) -> Changes:
    """Bring an earlier text of a section back, as a new edit.

    Raises:
        NotFound: there is no such section or text. ReadOnly: not this computer's to write.
    """
    for earlier in history_of(workspace, assessment_id, document, section):
        if earlier.version == version:
            return save_text(workspace, assessment_id, document, section, earlier.text)
    raise NotFound(_("Không có bản cũ «{version}» của nội dung này.").format(version=version), _unchanged())


def _kind_of(known: DossierFacts, document: str, section: str) -> str:
    entry = known.procedure.document(document)
    template = known.templates.get(entry.template) if entry else None
    names = [block.options.get("id", "") for block in template.sections()] if template else []
    if entry is None or section not in names:
        raise NotFound(
            _("Hồ sơ này không có nội dung soạn «{key}».").format(key=f"{document}.{section}"),
            _("Có thể ghi: {names}.").format(names=", ".join(names)) if names else _unchanged(),
        )
    return OFFICE if entry.by_office else OWN


def _unchanged() -> str:
    return _("Chưa có gì thay đổi.")


# --- back from Word


def take_back(workspace: Workspace, assessment_id: str, path: Path, *, dry_run: bool = False) -> TakenBack:
    """Take texts that a person edited in Word or LibreOffice into the dossier, as one edit.

    With ``dry_run`` nothing is saved. A text that is taken out in the file brings the template's own back: to leave a
    section empty, its template has to be changed.

    Raises:
        InvalidInput: the file is no Word file of ours, or a text in it is too long. StorageFailed: it cannot be read.
        NotFound, ReadOnly: no such assessment, or not this computer's to write.
    """
    from ntm_desktop.dossier.word_reading import read_word

    try:
        read = read_word(path)
    except OSError as error:
        raise StorageFailed(
            _("Không đọc được tệp {file}: {reason}.").format(file=path.name, reason=wording.system_reason(error)),
            _unchanged(),
        ) from error
    document = read.note.document if read.note else next(iter(read.sections), "").partition(".")[0]
    known = facts(workspace, assessment_id, pictures=document == _WITH_PICTURES and not read.untouched)
    paper = _paper(known, document, draft=bool(read.note and read.note.draft))
    ours = _as_read(paper) if paper else None
    every = {item.key: item for item in sections_of(known)}
    changed = tuple(_changed(every, read.edited, ours.sections if ours else {}))
    changes = Changes() if dry_run or not changed else _save(workspace, known, changed, every)
    outside = () if read.untouched or ours is None else tuple(_edits(ours.outside, read.outside))
    return TakenBack(
        document=document,
        changes=changes,
        sections=changed,
        unknown={key: text for key, text in read.sections.items() if key not in every and text},
        missing=tuple(every[key].name for key in ours.sections if key in every and key not in read.sections)
        if ours
        else (),
        left_behind=tuple(every[key].name for key in read.left_behind if key in every),
        outside=outside,
        outside_known=read.untouched or ours is not None,
        other_title=read.title if paper and ours and read.title and read.title != ours.title else "",
        dry_run=dry_run,
    )


def _today() -> date:
    return datetime.now(UTC).astimezone(wording.VIETNAM).date()


def _paper(known: DossierFacts, document: str, *, draft: bool) -> Document | None:
    """The paper as it would be written now; None where the procedure has it no more."""
    entry: DocumentEntry | None = known.procedure.document(document)
    if entry is None or entry.template not in known.templates:
        return None
    return next(iter(room.build(known, _today(), draft=draft, documents=(document,))), None)


def _as_read(paper: Document) -> WordTexts:
    """What would be read of a paper that is written now."""
    from ntm_desktop.dossier.word import write_word
    from ntm_desktop.dossier.word_reading import read_word

    with tempfile.TemporaryDirectory(prefix="ntm-word-") as folder:
        path = Path(folder, "paper.docx")
        write_word(paper, path)
        return read_word(path)


def _changed(
    every: Mapping[str, SectionText], theirs: Mapping[str, str], ours: Mapping[str, str]
) -> Iterable[TakenSection]:
    for key, text in theirs.items():
        section = every.get(key)
        if section is None:
            continue
        new = "" if text == section.ask else clean(text)  # a prompt that was left standing
        if new in (ours.get(key, section.shown), section.shown):
            continue
        if len(new) > LONGEST_TEXT:
            raise InvalidInput(
                _("Nội dung «{name}» trong tệp dài {length} ký tự, nhiều nhất là {most}.").format(
                    name=section.name, length=len(new), most=LONGEST_TEXT
                ),
                _("Chưa có gì thay đổi. Hãy viết ngắn lại trong Word rồi lấy lại."),
            )
        yield TakenSection(key, section.name, section.shown, new)


def _save(
    workspace: Workspace,
    known: DossierFacts,
    changed: Iterable[TakenSection],
    every: Mapping[str, SectionText],
) -> Changes:
    """All sections as one edit, which undo takes back as one."""
    owner = known.assessed.assessment.assessment_id
    with workspace.store.write() as work:
        by_office = any(every[item.key].kind == OFFICE for item in changed)
        if by_office and work.local.get("role") != Role.OFFICE.value:
            raise InvalidInput(_("Nội dung thẩm tra do cơ quan thẩm tra soạn."), _unchanged())
        assessment = (workspace.assessment if by_office else workspace.own_assessment)(work, owner)
        records = {
            (every[item.key].kind, f"{owner}/{item.key}"): {"text": item.new or None}
            for item in changed
            if item.new or every[item.key].text
        }
        if not records:
            return Changes()
        subject = ";".join(f"{kind}/{entity_id}:text" for kind, entity_id in records)
        edit = EditName(N_("lấy nội dung từ tệp Word"), {}, subject)
        return workspace.write(work, records, edit, unit=assessment.unit_code)


def _edits(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Iterable[OutsideEdit]:
    matcher = SequenceMatcher(None, ours, theirs)
    for what, first, last, start, end in matcher.get_opcodes():
        if what != "equal":
            yield OutsideEdit(ours[first:last], theirs[start:end])


def _sections_in(paper: Document) -> Iterable[Section]:
    return (block for block in paper.blocks if isinstance(block, Section))


def _plain(section: Section) -> str:
    """The text of a section as it would be typed; empty where lines are left to write on."""
    paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
    lines = [f"{item.marker} " * bool(item.marker) + "".join(run.text for run in item.content) for item in paragraphs]
    return clean("\n".join(lines))
