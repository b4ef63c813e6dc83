"""Why a file is not taken as evidence: the sentences, all of them in one table."""

from __future__ import annotations

from enum import Enum

from ntm_desktop.errors import EvidenceRefused
from ntm_desktop.evidence.names import shown
from ntm_desktop.i18n import N_, _

_AGAIN = N_("Chưa có gì thay đổi. Hãy chép lại tệp từ nơi gốc rồi thêm lại.")
_CHOOSE = N_("Chưa có gì thay đổi. Hãy chọn chính tệp tài liệu hoặc ảnh.")


class Why(Enum):
    """Each reason with its sentence and what to do."""

    MISSING = (
        N_("Không tìm thấy tệp «{name}»."),
        N_("Chưa có gì thay đổi. Hãy kiểm tra USB hoặc thư mục chứa tệp rồi thêm lại."),
    )
    VANISHED = (
        N_("Tệp «{name}» không còn đọc được trong lúc chép: tệp bị xóa, bị chuyển đi hoặc USB bị rút."),
        N_("Chưa có gì thay đổi. Hãy cắm lại USB hoặc tìm lại tệp rồi thêm lại."),
    )
    CHANGED = (
        N_("Tệp «{name}» bị thay đổi trong lúc đang chép."),
        N_("Chưa có gì thay đổi. Hãy lưu và đóng tệp trong chương trình khác rồi thêm lại."),
    )
    FOLDER = (
        N_("«{name}» là một thư mục, không phải một tệp."),
        N_("Chưa có gì thay đổi. Hãy mở thư mục và chọn các tệp bên trong."),
    )
    SPECIAL = (N_("«{name}» không phải là tệp tài liệu mà là thiết bị hoặc kênh của hệ thống."), _CHOOSE)
    EMPTY = (N_("Tệp «{name}» rỗng (0 byte) nên không chứng minh được điều gì."), _AGAIN)
    TOO_LARGE = (
        N_("Tệp «{name}» dài {size}, vượt mức {limit} cho một tệp minh chứng."),
        N_("Chưa có gì thay đổi. Hãy tách tệp thành nhiều phần hoặc giảm dung lượng rồi thêm lại."),
    )
    SHORTCUT = (
        N_("«{name}» chỉ là lối tắt dẫn tới một tệp hay trang khác, không có nội dung của tệp đó."),
        N_("Chưa có gì thay đổi. Hãy mở lối tắt và chọn tệp gốc."),
    )
    BROKEN_LINK = (
        N_("«{name}» là liên kết dẫn tới một tệp không còn ở đó."),
        N_("Chưa có gì thay đổi. Hãy chọn tệp gốc."),
    )
    PROGRAM = (N_("«{name}» là tệp chương trình, không phải minh chứng."), _CHOOSE)
    NO_RIGHT = (
        N_("Không được phép đọc tệp «{name}», hoặc chương trình khác đang giữ tệp."),
        N_("Chưa có gì thay đổi. Hãy đóng chương trình đang mở tệp, hoặc chép tệp vào thư mục của mình rồi thêm lại."),
    )
    UNREADABLE = (N_("Không đọc được tệp «{name}» ({reason})."), _AGAIN)
    PDF_BROKEN = (N_("Tệp PDF «{name}» bị hỏng hoặc chưa được chép đủ nên không mở được."), _AGAIN)
    PICTURE_BROKEN = (N_("Ảnh «{name}» bị hỏng hoặc chưa được chép đủ nên không mở được."), _AGAIN)
    PICTURE_BOMB = (
        N_("Ảnh «{name}» khai kích thước quá lớn (hơn {limit} triệu điểm ảnh) nên không được mở."),
        N_("Chưa có gì thay đổi. Hãy lưu ảnh với kích thước nhỏ hơn hoặc thành tệp PDF rồi thêm lại."),
    )
    OFFICE_BROKEN = (N_("Tệp «{name}» bị hỏng hoặc chưa được chép đủ nên không mở được."), _AGAIN)


def refused(why: Why, name: str, **details: str) -> EvidenceRefused:
    """The refusal of the file ``name``, to be raised."""
    message, hint = why.value
    return EvidenceRefused(_(message).format(name=shown(name), **details), _(hint))
