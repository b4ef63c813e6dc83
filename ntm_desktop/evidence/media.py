"""The kinds of files that evidence comes in: ending ↔ media type ↔ name for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ntm_desktop.evidence.names import safe_file_name
from ntm_desktop.i18n import N_, _

OTHER = "application/octet-stream"


class Family(StrEnum):
    """How a kind is looked at before it is taken."""

    PDF = "pdf"
    PICTURE = "picture"
    ZIPPED_OFFICE = "zipped_office"
    OLD_OFFICE = "old_office"
    TEXT = "text"
    AS_IT_IS = "as_it_is"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file; the first of ``endings`` (lower case, no dot) is the one given to files that lack theirs."""

    media_type: str
    endings: tuple[str, ...]
    name: str
    family: Family


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_WORD_MACROS = "application/vnd.ms-word.document.macroEnabled.12"
_EXCEL_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.12"

KINDS: tuple[Kind, ...] = (
    Kind("application/pdf", ("pdf",), N_("Tài liệu PDF"), Family.PDF),
    Kind("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), N_("Ảnh JPEG"), Family.PICTURE),
    Kind("image/png", ("png",), N_("Ảnh PNG"), Family.PICTURE),
    Kind("image/heic", ("heic", "heif", "hif"), N_("Ảnh HEIC"), Family.PICTURE),
    Kind("image/tiff", ("tif", "tiff"), N_("Ảnh TIFF"), Family.PICTURE),
    Kind("image/webp", ("webp",), N_("Ảnh WEBP"), Family.PICTURE),
    Kind("image/gif", ("gif",), N_("Ảnh GIF"), Family.PICTURE),
    Kind("image/bmp", ("bmp", "dib"), N_("Ảnh BMP"), Family.PICTURE),
    Kind(f"{_OOXML}wordprocessingml.document", ("docx",), N_("Văn bản Word (.docx)"), Family.ZIPPED_OFFICE),
    Kind(f"{_OOXML}spreadsheetml.sheet", ("xlsx",), N_("Bảng tính Excel (.xlsx)"), Family.ZIPPED_OFFICE),
    Kind(f"{_OOXML}presentationml.presentation", ("pptx",), N_("Bài trình chiếu (.pptx)"), Family.ZIPPED_OFFICE),
    Kind(_WORD_MACROS, ("docm",), N_("Văn bản Word có macro (.docm)"), Family.ZIPPED_OFFICE),
    Kind(_EXCEL_MACROS, ("xlsm",), N_("Bảng tính Excel có macro (.xlsm)"), Family.ZIPPED_OFFICE),
    Kind(f"{_ODF}text", ("odt",), N_("Văn bản OpenDocument (.odt)"), Family.ZIPPED_OFFICE),
    Kind(f"{_ODF}spreadsheet", ("ods",), N_("Bảng tính OpenDocument (.ods)"), Family.ZIPPED_OFFICE),
    Kind("application/msword", ("doc",), N_("Văn bản Word (.doc)"), Family.OLD_OFFICE),
    Kind("application/vnd.ms-excel", ("xls",), N_("Bảng tính Excel (.xls)"), Family.OLD_OFFICE),
    Kind("application/vnd.ms-powerpoint", ("ppt",), N_("Bài trình chiếu (.ppt)"), Family.OLD_OFFICE),
    Kind("text/plain", ("txt",), N_("Tệp chữ (.txt)"), Family.TEXT),
    Kind("text/csv", ("csv",), N_("Bảng dữ liệu (.csv)"), Family.TEXT),
    Kind("text/html", ("html", "htm"), N_("Trang web (.html)"), Family.TEXT),
    Kind("application/rtf", ("rtf",), N_("Văn bản RTF"), Family.AS_IT_IS),
    Kind("application/zip", ("zip",), N_("Tệp nén (.zip)"), Family.AS_IT_IS),
    Kind("video/mp4", ("mp4", "m4v"), N_("Phim (.mp4)"), Family.AS_IT_IS),
    Kind("video/quicktime", ("mov",), N_("Phim (.mov)"), Family.AS_IT_IS),
    Kind("audio/mpeg", ("mp3",), N_("Tệp âm thanh (.mp3)"), Family.AS_IT_IS),
)

_BY_TYPE = {kind.media_type: kind for kind in KINDS}
_BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}


def ending_of(file_name: str) -> str:
    """The ending of a name in lower case without its dot; empty where there is none."""
    stem, dot, ending = file_name.rpartition(".")
    return ending.lower() if dot and stem and len(ending) <= 12 else ""


def by_ending(ending: str) -> Kind | None:
    """The kind that an ending stands for."""
    return _BY_ENDING.get(ending.lower().lstrip("."))


def by_media_type(media_type: str) -> Kind | None:
    """The kind of a media type."""
    return _BY_TYPE.get(media_type)


def kind_name(media_type: str, file_name: str = "") -> str:
    """What people call it: «Tài liệu PDF»; for unknown ones «Tệp khác (.dwg)»."""
    kind = by_media_type(media_type)
    if kind is not None:
        return _(kind.name)
    ending = ending_of(file_name)
    return _("Tệp khác (.{ending})").format(ending=ending) if ending else _("Tệp khác")


def is_picture(media_type: str) -> bool:
    """Whether the program can look at it as a picture."""
    kind = by_media_type(media_type)
    return kind is not None and kind.family is Family.PICTURE


def opening_name(file_name: str, media_type: str) -> str:
    """The name under which the system opens the content: with the true ending where the name's own one lies."""
    kind = by_media_type(media_type)
    if kind is None or ending_of(file_name) in kind.endings:
        return safe_file_name(file_name)
    return safe_file_name(f"{file_name[:110]}.{kind.endings[0]}")
