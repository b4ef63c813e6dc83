"""Sentences for packages that cannot be taken or written: one place, so that they speak alike."""

from __future__ import annotations

import errno
from pathlib import Path

from ntm_desktop.errors import PackageRefused, PackageTooNew, StorageFailed, StorageFull, UserError, WorkspaceDamaged
from ntm_desktop.exchange.journal import ChangesInvalid
from ntm_desktop.exchange.manifest import CATALOGUE, CHANGES, Entry
from ntm_desktop.i18n import _
from ntm_desktop.model.text import one_line

GIB = 1024**3


class EntryDamaged(PackageRefused):
    """One entry of a package does not hold what the manifest says."""

    def __init__(self, message: str, hint: str, entry: Entry) -> None:
        super().__init__(message, hint)
        self.entry = entry


def shown(path: Path) -> str:
    """A file's name as it can be printed anywhere: names on a stick are whatever somebody made them."""
    return printable(path.name)


def shown_folder(folder: Path) -> str:
    """A folder's path as it can be printed anywhere."""
    return printable(str(folder))


def printable(text: str) -> str:
    """One clean line of at most 200 characters."""
    return one_line(text.encode("utf-8", "replace").decode())[:200]


def _copy_again() -> str:
    return _(
        "Dữ liệu trên máy này không thay đổi. Hãy chép lại tệp từ USB hoặc đề nghị nơi gửi xuất lại gói, rồi nhận lại."
    )


def missing(path: Path) -> PackageRefused:
    """There is no such file."""
    return PackageRefused(
        _("Không tìm thấy tệp gói «{file}».").format(file=shown(path)),
        _("Hãy kiểm tra USB đã cắm chắc chưa và chọn lại tệp."),
    )


def unreadable(path: Path, problem: OSError) -> PackageRefused:
    """The file or its drive does not answer."""
    return PackageRefused(
        _("Không đọc được tệp gói «{file}»: {reason}.").format(file=shown(path), reason=_reason(problem)),
        _("Dữ liệu trên máy này không thay đổi. Hãy kiểm tra USB, cắm lại rồi thử lại."),
    )


def no_package(path: Path) -> PackageRefused:
    """Something else, or a package whose beginning is destroyed."""
    return PackageRefused(
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


def cut_short(path: Path, size: int, wanted: int | None = None) -> PackageRefused:
    """The end is missing; ``wanted`` is the whole size where it is known."""
    if wanted is None:
        return PackageRefused(_("Gói «{file}» bị cắt ngắn.").format(file=shown(path)), _copy_again())
    return PackageRefused(
        _("Gói «{file}» bị cắt ngắn: có {size} byte trong khi phải có {wanted} byte.").format(
            file=shown(path), size=size, wanted=wanted
        ),
        _copy_again(),
    )


def too_long(path: Path) -> PackageRefused:
    """Something was added."""
    return PackageRefused(_("Gói «{file}» có dữ liệu lạ ở cuối tệp.").format(file=shown(path)), _copy_again())


def header_damaged(path: Path) -> PackageRefused:
    """The header is not as the format says."""
    return PackageRefused(
        _("Gói «{file}» bị hỏng ở phần mở đầu (header.json).").format(file=shown(path)), _copy_again()
    )


def manifest_damaged(path: Path) -> PackageRefused:
    """The manifest is not as the header says."""
    return PackageRefused(
        _("Gói «{file}» bị hỏng ở bảng kê nội dung (manifest.json).").format(file=shown(path)), _copy_again()
    )


def manifest_wrong(path: Path) -> PackageRefused:
    """The manifest arrived whole and yet breaks the format."""
    return PackageRefused(
        _("Bảng kê nội dung của gói «{file}» sai quy cách hoặc mâu thuẫn với phần mở đầu.").format(file=shown(path)),
        _("Dữ liệu trên máy này không thay đổi. Hãy đề nghị nơi gửi xuất lại gói."),
    )


def directory_damaged(path: Path) -> PackageRefused:
    """The ZIP's central directory or end record differs."""
    return PackageRefused(_("Gói «{file}» bị hỏng ở mục lục cuối tệp.").format(file=shown(path)), _copy_again())


def entry_damaged(path: Path, entry: Entry, file_name: str = "") -> EntryDamaged:
    """An entry's bytes differ from what the manifest says; ``file_name`` is an evidence file's name where known."""
    if entry.kind == CHANGES:
        message = _("Gói «{file}» bị hỏng ở phần các thay đổi ({entry}).")
    elif entry.kind == CATALOGUE:
        message = _("Gói «{file}» bị hỏng ở bộ tiêu chí thứ {number} ({entry}).")
    else:
        message = _("Gói «{file}» bị hỏng ở tệp minh chứng thứ {number} ({kind}{name}).")
    text = message.format(
        file=shown(path),
        entry=entry.name,
        number=0 if entry.kind == CHANGES else ordinal(entry),
        kind=kind_name(entry.media_type),
        name=f" «{file_name}»" if file_name else "",
    )
    return EntryDamaged(text, _copy_again(), entry)


def ordinal(entry: Entry) -> int:
    """Which one of its kind an evidence file or a catalogue is."""
    return int(entry.name.rpartition("/")[2])


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
        "vector": _("Các thay đổi trong gói «{file}» không khớp với bảng kê nội dung."),
    }
    fallback = _("Phần các thay đổi trong gói «{file}» không đúng quy cách hoặc không khớp với bảng kê.")
    sentence = sentences.get(problem.code, fallback) if problem else fallback
    return PackageRefused(
        sentence.format(file=shown(path), subject=printable(problem.subject) if problem else ""),
        _("Cả gói không được nhận, dữ liệu trên máy này không thay đổi. Hãy đề nghị nơi gửi xuất lại gói đầy đủ."),
    )


def journal_wrong(problem: ChangesInvalid) -> UserError:
    """This workspace's own journal cannot be sent."""
    if problem.code == "size":
        return too_much()
    return WorkspaceDamaged(
        _("Không xuất được gói: nhật ký thay đổi trên máy này không liền mạch hoặc đã bị sửa ({subject}).").format(
            subject=problem.subject or problem.code
        ),
        _("Chưa có gì được ghi. Hãy chạy kiểm tra dữ liệu và khôi phục từ bản sao lưu gần nhất nếu cần."),
    )


def too_much() -> PackageRefused:
    """More than one package may hold."""
    return PackageRefused(
        _("Có quá nhiều thay đổi hoặc tệp cho một gói."),
        _("Chưa có gì được ghi. Hãy xuất gói chỉ gồm những gì nơi nhận chưa có."),
    )


def blob_unusable(number: int, media_type: str, file_name: str) -> WorkspaceDamaged:
    """An evidence file of this workspace is gone or is not what its hash says."""
    named = f" «{file_name}»" if file_name else ""
    return WorkspaceDamaged(
        _(
            "Không xuất được gói: tệp minh chứng thứ {number} ({kind}{name}) trên máy này đã mất hoặc bị thay đổi."
        ).format(number=number, kind=kind_name(media_type), name=named),
        _("Chưa có gói nào được tạo. Hãy chạy kiểm tra dữ liệu, đính kèm lại tệp đó rồi xuất lại."),
    )


def exists_already(target: Path) -> StorageFailed:
    """The target's name is taken."""
    return StorageFailed(
        _("Trong thư mục «{folder}» đã có tệp «{file}».").format(folder=shown_folder(target.parent), file=target.name),
        _("Tệp cũ được giữ nguyên. Hãy chọn thư mục khác, hoặc đổi chỗ tệp cũ rồi xuất lại."),
    )


def too_little_space(folder: Path, needed: int, free: int) -> StorageFull:
    """Checked before the first byte is written."""
    return StorageFull(
        _("Không đủ chỗ trống ở «{folder}»: cần {needed}, chỉ còn {free}.").format(
            folder=shown_folder(folder), needed=amount(needed), free=amount(free)
        ),
        _("Chưa có gì được ghi. Hãy xóa bớt tệp trên đó hoặc dùng USB khác."),
    )


def too_large_for_fat(folder: Path, size: int) -> StorageFailed:
    """FAT32 holds no file of 4 GiB."""
    return StorageFailed(
        _("Gói nặng {size}, mà «{folder}» dùng định dạng FAT32, không chứa được tệp từ 4 GB trở lên.").format(
            size=amount(size), folder=shown_folder(folder)
        ),
        _("Chưa có gì được ghi. Hãy dùng USB định dạng exFAT hoặc NTFS, hoặc xuất vào ổ đĩa của máy."),
    )


def written_wrong(folder: Path) -> StorageFailed:
    """What was read back differs from what was written."""
    return StorageFailed(
        _("Dữ liệu đọc lại từ «{folder}» không giống dữ liệu vừa ghi: USB hoặc ổ đĩa này có lỗi.").format(
            folder=shown_folder(folder)
        ),
        _("Gói ghi dở đã được xóa, dữ liệu trên máy không thay đổi. Hãy dùng USB khác."),
    )


def storage(folder: Path, problem: OSError) -> UserError:
    """A write that failed."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(
            _("«{folder}» đã đầy trong khi ghi gói.").format(folder=shown_folder(folder)),
            _("Gói ghi dở đã được xóa, dữ liệu trên máy không thay đổi. Hãy giải phóng chỗ trống hoặc dùng USB khác."),
        )
    return StorageFailed(
        _("Không ghi được gói vào «{folder}»: {reason}.").format(folder=shown_folder(folder), reason=_reason(problem)),
        _("Dữ liệu trên máy không thay đổi. Hãy kiểm tra USB, cắm lại hoặc chọn nơi khác rồi xuất lại."),
    )


def _reason(problem: OSError) -> str:
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
