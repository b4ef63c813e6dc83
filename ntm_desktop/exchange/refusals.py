"""Sentences for packages that cannot be taken: one place, so that they speak alike."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ntm_desktop.errors import (
    PackageDamaged,
    PackageLocked,
    PackageRefused,
    PackageTooNew,
    PackageUntrusted,
)
from ntm_desktop.exchange.journal import ChangesInvalid
from ntm_desktop.exchange.manifest import CATALOGUE, EVIDENCE, Entry
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import Change
from ntm_desktop.model.text import one_line

GIB = 1024**3
_NAMED = 5


class NoPackage(PackageRefused):
    """The file does not begin as a package does."""


def shown(path: Path) -> str:
    """A file's name as it can be printed anywhere: names on a stick are whatever somebody made them."""
    return printable(path.name)


def shown_folder(folder: Path) -> str:
    """A folder's path as it can be printed anywhere."""
    return printable(str(folder))


def printable(text: str) -> str:
    """One clean line of at most 200 characters."""
    return one_line(text.encode("utf-8", "replace").decode())[:200]


def file_names(changes: Iterable[Change]) -> dict[str, str]:
    """The names that the changes give to evidence files, by content hash: for sentences only, never for paths."""
    names: dict[str, str] = {}
    for change in changes:
        if (change.entity, change.field) == ("evidence", "file") and isinstance(change.value, dict):
            sha256, name = change.value.get("sha256"), change.value.get("name")
            if isinstance(sha256, str) and isinstance(name, str):
                names[sha256] = printable(name)
    return names


def _copy_again() -> str:
    return _(
        "Dữ liệu trên máy này không thay đổi. Hãy chép lại tệp từ USB hoặc đề nghị nơi gửi xuất lại gói, rồi nhận lại."
    )


def _export_again() -> str:
    return _("Dữ liệu trên máy này không thay đổi. Hãy đề nghị nơi gửi xuất lại gói.")


def missing(path: Path) -> PackageRefused:
    """There is no such file."""
    return PackageRefused(
        _("Không tìm thấy tệp gói «{file}».").format(file=shown(path)),
        _("Hãy kiểm tra USB đã cắm chắc chưa và chọn lại tệp."),
    )


def unreadable(path: Path, problem: OSError) -> PackageRefused:
    """The file or its drive does not answer."""
    return PackageRefused(
        _("Không đọc được tệp gói «{file}»: {reason}.").format(file=shown(path), reason=reason(problem)),
        _("Dữ liệu trên máy này không thay đổi. Hãy kiểm tra USB, cắm lại rồi thử lại."),
    )


def no_package(path: Path) -> NoPackage:
    """Something else, or a package whose beginning is destroyed."""
    return NoPackage(
        _("«{file}» không phải là gói đồng bộ của chương trình, hoặc phần đầu tệp đã hỏng.").format(file=shown(path)),
        _("Dữ liệu trên máy này không thay đổi. Hãy chọn tệp có đuôi .ntmpkg do chương trình này xuất ra."),
    )


def too_new(path: Path, number: int, app_version: str) -> PackageTooNew:
    """A format that a later program made."""
    needed = printable(app_version)[:40] or _("mới hơn")
    return PackageTooNew(
        _("Gói «{file}» có định dạng {number}, mới hơn định dạng mà chương trình này đọc được.").format(
            file=shown(path), number=number
        ),
        _(
            "Dữ liệu trên máy này không thay đổi. Hãy cập nhật chương trình lên phiên bản {version} rồi nhận lại."
        ).format(version=needed),
    )


def cut_short(path: Path, size: int, wanted: int | None = None) -> PackageDamaged:
    """The end is missing; ``wanted`` is the whole size where it is known."""
    if wanted is None:
        return PackageDamaged(_("Gói «{file}» bị cắt ngắn.").format(file=shown(path)), _copy_again())
    return PackageDamaged(
        _("Gói «{file}» bị cắt ngắn: có {size} byte trong khi phải có {wanted} byte.").format(
            file=shown(path), size=size, wanted=wanted
        ),
        _copy_again(),
    )


def too_long(path: Path) -> PackageDamaged:
    """Something was added."""
    return PackageDamaged(_("Gói «{file}» có dữ liệu lạ ở cuối tệp.").format(file=shown(path)), _copy_again())


def header_damaged(path: Path) -> PackageDamaged:
    """The header is not as the format says."""
    return PackageDamaged(
        _("Gói «{file}» bị hỏng ở phần mở đầu (header.json).").format(file=shown(path)), _copy_again()
    )


def header_wrong(path: Path) -> PackageRefused:
    """The header arrived whole and yet breaks the format."""
    return PackageRefused(
        _("Phần mở đầu (header.json) của gói «{file}» sai quy cách.").format(file=shown(path)), _export_again()
    )


def forged(path: Path) -> PackageUntrusted:
    """The signature is not by the key that the header names."""
    return PackageUntrusted(
        _("Chữ ký của gói «{file}» không đúng: gói đã bị sửa sau khi xuất, hoặc không do nơi gửi làm ra.").format(
            file=shown(path)
        ),
        _export_again(),
    )


def key_damaged(path: Path) -> PackageDamaged:
    """The locked key is not as the header says."""
    return PackageDamaged(
        _("Gói «{file}» bị hỏng ở phần khoá mở gói (key.age).").format(file=shown(path)), _copy_again()
    )


def manifest_damaged(path: Path) -> PackageDamaged:
    """The manifest is not as the header says."""
    return PackageDamaged(_("Gói «{file}» bị hỏng ở bảng kê nội dung.").format(file=shown(path)), _copy_again())


def manifest_wrong(path: Path) -> PackageRefused:
    """The manifest arrived whole and yet breaks the format."""
    return PackageRefused(
        _("Bảng kê nội dung của gói «{file}» sai quy cách hoặc mâu thuẫn với phần mở đầu.").format(file=shown(path)),
        _export_again(),
    )


def directory_damaged(path: Path) -> PackageDamaged:
    """The ZIP's central directory or end record differs."""
    return PackageDamaged(_("Gói «{file}» bị hỏng ở mục lục cuối tệp.").format(file=shown(path)), _copy_again())


def changes_damaged(path: Path) -> PackageDamaged:
    """The bytes of the changes are not as the manifest says."""
    return PackageDamaged(_("Gói «{file}» bị hỏng ở phần các thay đổi.").format(file=shown(path)), _copy_again())


def entries_damaged(path: Path, entries: Sequence[Entry], names: Mapping[str, str]) -> PackageDamaged:
    """The bytes of these entries are not as the manifest says; ``names`` are those of evidence files by content."""
    listed = "; ".join(entry_name(entry, names) for entry in entries[:_NAMED])
    files = tuple(names.get(entry.sha256) or entry_name(entry, names) for entry in entries if entry.kind == EVIDENCE)
    if len(entries) > _NAMED:
        listed = _("{listed}; và {count} tệp khác").format(listed=listed, count=len(entries) - _NAMED)
    return PackageDamaged(
        _("Gói «{file}» bị hỏng ở {listed}.").format(file=shown(path), listed=listed), _copy_again(), files
    )


def entry_name(entry: Entry, names: Mapping[str, str]) -> str:
    """What a person calls an evidence file or a catalogue in a package."""
    if entry.kind == CATALOGUE:
        return _("bộ tiêu chí thứ {number}").format(number=ordinal(entry))
    file_name = names.get(entry.sha256, "")
    return _("tệp minh chứng thứ {number} ({kind}{name})").format(
        number=ordinal(entry), kind=kind_name(entry.media_type), name=f" «{file_name}»" if file_name else ""
    )


def contents_wrong(path: Path, entry: Entry, names: Mapping[str, str]) -> PackageRefused:
    """An entry arrived whole, but does not hold what the manifest says."""
    return PackageRefused(
        _("Gói «{file}» không đúng với bảng kê của chính nó ở {listed}.").format(
            file=shown(path), listed=entry_name(entry, names)
        ),
        _export_again(),
    )


def for_others(path: Path) -> PackageLocked:
    """No key of this computer opens it."""
    return PackageLocked(
        _("Gói «{file}» được mã hoá cho máy khác, máy này không mở được.").format(file=shown(path)),
        _(
            "Dữ liệu trên máy này không thay đổi. Hãy gửi thẻ của máy này (tệp .ntmcard) cho nơi gửi để họ nhập vào "
            "chương trình, rồi đề nghị xuất lại gói."
        ),
    )


def needs_passphrase(path: Path) -> PackageLocked:
    """A passphrase would open it."""
    return PackageLocked(
        _("Gói «{file}» được khoá bằng mật khẩu.").format(file=shown(path)),
        _("Dữ liệu trên máy này không thay đổi. Hãy hỏi nơi gửi mật khẩu của gói rồi nhận lại và nhập mật khẩu đó."),
        passphrase=True,
    )


def wrong_passphrase(path: Path) -> PackageLocked:
    """Another passphrase closed it."""
    return PackageLocked(
        _("Mật khẩu không mở được gói «{file}».").format(file=shown(path)),
        _("Dữ liệu trên máy này không thay đổi. Hãy kiểm tra lại mật khẩu (chữ hoa, chữ thường, bộ gõ) rồi thử lại."),
        passphrase=True,
    )


def too_costly(path: Path) -> PackageRefused:
    """Deriving the key from a passphrase asks for more than there is."""
    return PackageRefused(
        _("Khoá của gói «{file}» đòi hỏi nhiều bộ nhớ hơn mức máy này cho phép.").format(file=shown(path)),
        _("Dữ liệu trên máy này không thay đổi. Hãy đóng bớt chương trình khác, hoặc đề nghị nơi gửi xuất lại gói."),
    )


def seal_wrong(path: Path) -> PackageRefused:
    """An entry arrived whole, but is no age file of this package."""
    return PackageRefused(_("Phần mã hoá trong gói «{file}» sai quy cách.").format(file=shown(path)), _export_again())


def ordinal(entry: Entry) -> int:
    """Which one of its kind an evidence file or a catalogue is."""
    return int(entry.name.rpartition("/")[2].partition(".")[0])


def kind_name(media_type: str) -> str:
    """What a person calls such a file."""
    if media_type.startswith("image/"):
        return _("ảnh")
    if media_type == "application/pdf":
        return _("tệp PDF")
    if "sheet" in media_type or "excel" in media_type:
        return _("bảng tính")
    if "word" in media_type or media_type.startswith("text/"):
        return _("văn bản")
    return _("tệp")


def changes_wrong(path: Path, problem: ChangesInvalid | None) -> PackageRefused:
    """The changes arrived whole and yet are no journal of one unit."""
    sentences = {
        "form": _("Thay đổi thứ {subject} trong gói «{file}» không đúng quy cách."),
        "unit": _("Gói «{file}» có thay đổi của đơn vị khác ({subject})."),
        "gap": _("Các thay đổi của máy {subject} trong gói «{file}» không liền mạch."),
        "chain": _("Lịch sử thay đổi của máy {subject} trong gói «{file}» đã bị sửa."),
        "head": _("Lịch sử thay đổi của máy {subject} trong gói «{file}» không có chữ ký hợp lệ của máy đó."),
        "vector": _("Các thay đổi trong gói «{file}» không khớp với bảng kê nội dung."),
    }
    fallback = _("Phần các thay đổi trong gói «{file}» không đúng quy cách hoặc không khớp với bảng kê.")
    sentence = sentences.get(problem.code, fallback) if problem else fallback
    return PackageRefused(
        sentence.format(file=shown(path), subject=printable(problem.subject) if problem else ""),
        _("Cả gói không được nhận, dữ liệu trên máy này không thay đổi. Hãy đề nghị nơi gửi xuất lại gói đầy đủ."),
    )


def reason(problem: OSError) -> str:
    """What the system says, for a person."""
    if problem.errno == errno.EROFS or getattr(problem, "winerror", 0) == 19:
        return _("ổ đĩa chỉ cho đọc (chống ghi)")
    if problem.errno in (errno.EACCES, errno.EPERM):
        return _("không có quyền, hoặc chương trình khác đang giữ tệp")
    if problem.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR):
        return _("không thấy thư mục, có thể USB đã bị rút ra")
    if problem.errno == errno.EFBIG:
        return _("tệp quá lớn đối với định dạng của ổ đĩa (FAT32 chỉ chứa tệp dưới 4 GB)")
    return _("thiết bị báo lỗi hoặc đã bị rút ra (mã {code})").format(code=problem.errno)


def amount(size: int) -> str:
    """A size for a person, in Vietnamese form: 1,5 GB."""
    if size < 1024**2:
        return f"{max(1, -(-size // 1024))} KB"
    unit, name = (GIB, "GB") if size >= GIB else (1024**2, "MB")
    return f"{size / unit:.1f} {name}".replace(".", ",")
