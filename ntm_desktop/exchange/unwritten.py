"""Sentences for packages that cannot be written."""

from __future__ import annotations

import errno
from pathlib import Path

from ntm_desktop.errors import (
    EvidenceUnusable,
    InvalidInput,
    PackageRefused,
    StorageFailed,
    StorageFull,
    UserError,
    WorkspaceDamaged,
)
from ntm_desktop.exchange.journal import ChangesInvalid
from ntm_desktop.exchange.refusals import amount, kind_name, reason, shown_folder
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import BlobRef


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


def blob_unusable(number: int, ref: BlobRef, file_name: str) -> EvidenceUnusable:
    """An evidence file of this workspace is gone or is not what its hash says."""
    named = f" «{file_name}»" if file_name else ""
    return EvidenceUnusable(
        _(
            "Không xuất được gói: tệp minh chứng thứ {number} ({kind}{name}) trên máy này đã mất hoặc bị thay đổi."
        ).format(number=number, kind=kind_name(ref.media_type), name=named),
        _("Chưa có gói nào được tạo. Hãy chạy kiểm tra dữ liệu, đính kèm lại tệp đó rồi xuất lại."),
        ref.sha256,
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


def blob_too_large(blob: BlobRef, number: int, file_name: str, most: int) -> StorageFailed:
    """One evidence file does not fit into a part."""
    return StorageFailed(
        _(
            "Không xuất được gói: tệp minh chứng thứ {number} ({kind}{name}) nặng {size}, không vừa gói tối đa {most}."
        ).format(
            number=number,
            kind=kind_name(blob.media_type),
            name=f" «{file_name}»" if file_name else "",
            size=amount(blob.size),
            most=amount(most),
        ),
        _(
            "Chưa có gì được ghi. Hãy tăng kích thước mỗi gói (USB định dạng FAT32 không chứa được tệp từ 4 GB, nên "
            "mỗi gói không quá 3,9 GB), hoặc gỡ tệp đó, giảm dung lượng hay chia nhỏ tệp rồi đính kèm lại."
        ),
    )


def part_too_small(most: int, needed: int) -> InvalidInput:
    """Not even the changes fit into a part of the size that the person set."""
    return InvalidInput(
        _("Kích thước mỗi gói {most} quá nhỏ: riêng các thay đổi đã cần {needed}.").format(
            most=amount(most), needed=amount(needed)
        ),
        _("Chưa có gì được ghi. Hãy chọn kích thước mỗi gói lớn hơn."),
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
        _("Không ghi được gói vào «{folder}»: {reason}.").format(folder=shown_folder(folder), reason=reason(problem)),
        _("Dữ liệu trên máy không thay đổi. Hãy kiểm tra USB, cắm lại hoặc chọn nơi khác rồi xuất lại."),
    )
