"""Criteria sets: those built in, those installed here, checking files, the sheet to type a set in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ntm_desktop import catalogue as room
from ntm_desktop import wording
from ntm_desktop.errors import InvalidInput, NotFound, StorageFailed
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.text import one_line
from ntm_desktop.operations.outcome import EVERYTHING, Changes
from ntm_desktop.operations.workspace import Workspace
from ntm_desktop.store.store import EditName

SHEET = ".xlsx"


@dataclass(frozen=True, slots=True)
class CatalogueInfo:
    """A set in a list."""

    id: str
    version: str
    title: str
    name: str
    builtin: bool
    complete: bool
    criteria: int
    indicators: int
    indicator_total: int | None
    period: str
    level: str
    historical: bool


@dataclass(frozen=True, slots=True)
class Installed:
    """A set that was installed here."""

    changes: Changes
    catalogue: Catalogue
    warnings: tuple[str, ...] = ()


def _info(catalogue: Catalogue, builtin: bool) -> CatalogueInfo:
    return CatalogueInfo(
        id=catalogue.id,
        version=catalogue.version,
        title=catalogue.title,
        name=catalogue.name,
        builtin=builtin,
        complete=catalogue.indicators_complete,
        criteria=len(catalogue.criteria),
        indicators=len(catalogue.by_code),
        indicator_total=catalogue.indicator_total,
        period=catalogue.period,
        level=catalogue.level.value,
        historical=catalogue.historical,
    )


def _installed(workspace: Workspace) -> dict[str, list[str]]:
    """Hashes of the sets known here, by id and version in the order of installation."""
    with workspace.store.read() as work:
        entries = work.rows.catalogues()
    found: dict[str, list[str]] = {}
    for sha256, entry in sorted(entries.items(), key=lambda item: _version_key(item[1]["version"])):
        found.setdefault(entry["id"], []).append(sha256)
    return found


def _version_key(version: str) -> tuple[int, str]:
    head = version.split("-")[0].split(".")[0]
    return (int(head) if head.isdigit() else 0, version)


def infos(workspace: Workspace | None = None) -> tuple[CatalogueInfo, ...]:
    """Built-in sets, then those installed here."""
    listed = {room.builtin(name).ref: _info(room.builtin(name), True) for name in room.builtin_ids()}
    if workspace is not None:
        for hashes in _installed(workspace).values():
            for sha256 in hashes:
                catalogue = workspace.catalogue_by_hash(sha256)
                listed.setdefault(catalogue.ref, _info(catalogue, False))
    return tuple(listed.values())


def get(workspace: Workspace | None, name: str) -> Catalogue:
    """A set by id (the latest version) or ``id@version``.

    Raises:
        NotFound: there is none; the sentence lists those that are.
    """
    wanted, _at, version = name.partition("@")
    candidates: list[Catalogue] = []
    if wanted in room.builtin_ids():
        candidates.append(room.builtin(wanted))
    if workspace is not None:
        for sha256 in _installed(workspace).get(wanted, ()):
            candidates.append(workspace.catalogue_by_hash(sha256))
    matching = [item for item in candidates if not version or item.version == version]
    if not matching:
        raise NotFound(
            _("Không có bộ tiêu chí «{name}».").format(name=name),
            _("Có thể dùng: {known}.").format(
                known=", ".join(f"{item.id}@{item.version}" for item in infos(workspace))
            ),
        )
    return max(matching, key=lambda item: _version_key(item.version))


def check(path: Path, workspace: Workspace | None = None) -> tuple[str, ...]:
    """Problems of a criteria file or sheet, one sentence each; empty where it is sound."""
    if path.suffix.lower() == SHEET:
        from ntm_desktop.catalogue import check_template

        return tuple(str(problem) for problem in check_template(path))
    return tuple(str(problem) for problem in room.check(path, _bases(workspace)))


def _bases(workspace: Workspace | None) -> list[Catalogue]:
    if workspace is None:
        return []
    return [workspace.catalogue_by_hash(sha256) for hashes in _installed(workspace).values() for sha256 in hashes]


def install(workspace: Workspace, path: Path) -> Installed:
    """Install a set from a YAML file or a filled-in sheet as a new version of its id.

    Raises:
        CatalogueInvalid: the file breaks rules; all are listed, nothing is installed.
        InvalidInput: the very same set is installed already.
    """
    if path.suffix.lower() == SHEET:
        from ntm_desktop.catalogue import read_template

        catalogue = read_template(path)
    else:
        catalogue = room.load(path, _bases(workspace))
    version = _free_version(workspace, catalogue)
    catalogue = replace(catalogue, version=version)
    ref = workspace.blobs.put_bytes(room.to_json(catalogue), "application/json")
    entry: JsonValue = {
        "id": catalogue.id,
        "version": catalogue.version,
        "name": one_line(catalogue.name)[:500],
        "size": ref.size,
    }
    name = EditName(N_("cài bộ tiêu chí {id}"), {"id": catalogue.ref})
    with workspace.store.write() as work:
        record = ("catalogue", f"{work.local.get('unit')}/{ref.sha256}")
        workspace.write(work, {record: {"entry": entry}}, name)
    return Installed(EVERYTHING, catalogue, tuple(room.remarks(catalogue)))


def _free_version(workspace: Workspace, catalogue: Catalogue) -> str:
    """The version in the file, or the next whole number where that one is taken by another content."""
    with workspace.store.read() as work:
        entries = work.rows.catalogues()
    taken = {entry["version"]: sha256 for sha256, entry in entries.items() if entry["id"] == catalogue.id}
    if catalogue.id in room.builtin_ids():
        builtin = room.builtin(catalogue.id)
        taken.setdefault(builtin.version, room.content_hash(builtin))
    for version, sha256 in taken.items():
        if room.content_hash(replace(catalogue, version=version)) == sha256:
            raise InvalidInput(
                _("Bộ tiêu chí này đã có với phiên bản {version}.").format(version=f"{catalogue.id}@{version}"),
                _("Chưa có gì thay đổi."),
            )
    if catalogue.version not in taken:
        return catalogue.version
    return str(1 + max(_version_key(version)[0] for version in taken))


def template(path: Path, base_id: str = "", workspace: Workspace | None = None) -> Path:
    """Write the sheet to type a set in, filled with a set's rows where one is named.

    Raises:
        NotFound: no such set. StorageFailed: the file cannot be written.
    """
    from ntm_desktop.catalogue import write_template

    base = get(workspace, base_id) if base_id else None
    try:
        write_template(path, base)
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được tệp {name}: {reason}.").format(name=path, reason=wording.system_reason(error)),
            _("Chưa có gì được ghi. Hãy chọn thư mục khác, hoặc đóng tệp nếu đang mở trong Excel."),
        ) from error
    return path
