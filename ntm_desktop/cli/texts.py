"""``ntm data sections|write|history|restore|take-back``: the texts that people write into the papers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _
from ntm_desktop.operations import texts
from ntm_desktop.operations.texts import SectionText, TakenBack
from ntm_desktop.operations.workspace import open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree

LONGEST_SHOWN = 70
MOST_BYTES = 1 << 20


def add_texts(data: Tree) -> None:
    """Add them to ``ntm data``."""
    listing = data.add("sections", _("các nội dung soạn trong văn bản"), _sections)
    write = data.add("write", _("soạn một nội dung của văn bản"), _write)
    _section(write)
    source = write.add_mutually_exclusive_group(required=True)
    source.add_argument("--text", metavar="TEXT", help=_("để trống là lấy lại nội dung có sẵn của mẫu"))
    source.add_argument("--file", type=Path, metavar="FILE", help=_("tệp chữ, mã UTF-8"))
    past = data.add("history", _("các bản đã soạn của một nội dung"), _history)
    _section(past)
    back = data.add("restore", _("lấy lại một bản đã soạn"), _restore)
    _section(back)
    back.add_argument("version", metavar="VERSION")
    take = data.add("take-back", _("lấy nội dung đã sửa trong Word về"), _take_back)
    take.add_argument("file", type=Path, metavar="FILE.docx")
    take.add_argument("--dry-run", action="store_true", help=_("chỉ xem sẽ thay đổi gì"))
    for parser in (listing, write, past, back, take):
        parser.add_argument("--assessment", default="", metavar="ID", help=_("đợt đánh giá khác đợt đang làm"))


def _section(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("section", metavar="SECTION", help=_("mã văn bản và nội dung, ví dụ bao-cao.kho-khan"))


def section_data(item: SectionText) -> dict[str, Any]:
    """A section as scripts read it."""
    return {
        "section": item.key,
        "document": item.document,
        "name": item.name,
        "ask": item.ask,
        "default": item.default,
        "text": item.text,
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 1]}…"


def _pair(key: str) -> tuple[str, str]:
    document, _dot, section = key.partition(".")
    return document, section


def _sections(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        found = texts.sections(workspace, arguments.assessment)
    rows = ((item.key, item.name, _short(item.text) or _("(chưa soạn)")) for item in found)
    return Answer([section_data(item) for item in found], table(rows))


def _write(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    text = _read(arguments.file) if arguments.file is not None else arguments.text
    document, section = _pair(arguments.section)
    with open_workspace(folder) as workspace:
        texts.save_text(workspace, arguments.assessment, document, section, text)
        saved = next(item for item in texts.sections(workspace, arguments.assessment) if item.key == arguments.section)
    line = _("Đã lưu nội dung «{name}».") if saved.text else _("Nội dung «{name}» lấy lại theo mẫu.")
    return Answer(section_data(saved), (line.format(name=saved.name),))


def _read(path: Path) -> str:
    """A text file.

    Raises:
        InvalidInput: it cannot be read, is too large or no UTF-8.
    """
    unchanged = _("Chưa có gì thay đổi.")
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = wording.system_reason(error)
        raise InvalidInput(
            _("Không đọc được tệp {name}: {reason}.").format(name=path, reason=reason), unchanged
        ) from error
    if len(content) > MOST_BYTES:
        raise InvalidInput(_("Tệp {name} quá lớn.").format(name=path.name), unchanged)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(_("Tệp {name} không phải tệp chữ mã UTF-8.").format(name=path.name), unchanged) from error


def _history(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        found = texts.history_of(workspace, arguments.assessment, *_pair(arguments.section))
    data = [
        {
            "version": item.version,
            "at": item.at.isoformat(),
            "user": item.user,
            "text": item.text,
            "current": item.current,
        }
        for item in found
    ]
    rows = (
        (
            item.version,
            wording.time_text(item.at),
            item.user,
            "*" if item.current else "",
            _short(item.text) or _("(theo mẫu)"),
        )
        for item in found
    )
    return Answer(data, table(rows) or (_("Nội dung này chưa được soạn."),))


def _restore(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        texts.restore(workspace, arguments.assessment, *_pair(arguments.section), arguments.version)
        saved = next(item for item in texts.sections(workspace, arguments.assessment) if item.key == arguments.section)
    return Answer(section_data(saved), (_("Đã lấy lại bản cũ của «{name}».").format(name=saved.name),))


def _take_back(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        done = texts.take_back(workspace, arguments.assessment, arguments.file, dry_run=arguments.dry_run)
    data = {
        "file": str(arguments.file),
        "document": done.document,
        "dry_run": done.dry_run,
        "sections": [
            {"section": item.key, "name": item.name, "old": item.old, "new": item.new} for item in done.sections
        ],
        "unknown": dict(done.unknown),
        "missing": list(done.missing),
        "left_behind": list(done.left_behind),
        "outside": [{"ours": list(edit.ours), "theirs": list(edit.theirs)} for edit in done.outside],
        "outside_known": done.outside_known,
        "other_title": done.other_title,
    }
    return Answer(data, tuple(_taken_lines(done)))


def _taken_lines(done: TakenBack) -> list[str]:
    told = _("Sẽ thay nội dung «{name}».") if done.dry_run else _("Đã thay nội dung «{name}».")
    lines = [told.format(name=item.name) for item in done.sections] or [_("Không có nội dung soạn nào khác.")]
    if done.other_title:
        lines.append(
            _("Tệp có tên khác: «{title}»; hãy xem có đúng năm và đơn vị không.").format(title=done.other_title)
        )
    lines += [
        _("Tệp không còn nội dung «{name}»; nội dung đang có giữ nguyên.").format(name=name) for name in done.missing
    ]
    lines += [
        _("«{name}»: ảnh, chú thích cuối trang, nhận xét trong tệp không lấy về được.").format(name=name)
        for name in done.left_behind
    ]
    for key, text in done.unknown.items():
        lines.append(_("Không có nội dung soạn «{key}» để nhận: «{text}».").format(key=key, text=_short(text)))
    if not done.outside_known:
        lines.append(_("Không so được phần ngoài các nội dung soạn; hãy tự xem lại."))
    elif done.outside:
        lines.append(_("Các chỗ sau được sửa ngoài nội dung soạn nên không lấy về; hãy sửa ở số liệu hoặc mẫu:"))
        for edit in done.outside:
            ours, theirs = _short(" / ".join(edit.ours)), _short(" / ".join(edit.theirs))
            lines.append(_("  «{ours}» → «{theirs}»").format(ours=ours, theirs=theirs))
    return lines
