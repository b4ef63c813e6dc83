"""Whether content is what it should be: a PDF that opens, a picture that decodes, an office file that is whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ntm_desktop.evidence import media, pdf, pictures
from ntm_desktop.evidence.media import OTHER, Family, Kind
from ntm_desktop.evidence.names import shown
from ntm_desktop.evidence.recognise import HEAD, content_type, is_locked_office, looks_like_text
from ntm_desktop.evidence.refusals import Why, refused
from ntm_desktop.i18n import _


@dataclass(frozen=True, slots=True)
class Judged:
    """The true media type, and sentences that the person should read."""

    media_type: str
    warnings: tuple[str, ...] = ()


_BROKEN = {
    Family.PDF: Why.PDF_BROKEN,
    Family.PICTURE: Why.PICTURE_BROKEN,
    Family.ZIPPED_OFFICE: Why.OFFICE_BROKEN,
}


def judge(path: Path, name: str) -> Judged:
    """Look at the content that is to be stored for the file ``name``.

    Raises:
        EvidenceRefused: it is broken, cut short or a bomb, and so proves nothing.
    """
    ending = media.ending_of(name)
    claimed = media.by_ending(ending)
    with open(path, "rb") as stream:
        found = content_type(stream, ending)
        stream.seek(0)
        head = stream.read(HEAD)
        locked = is_locked_office(stream)
    if not found:
        return _untold(claimed, head, name)
    warnings = []
    if claimed is not None and claimed.media_type != found and not _alike(claimed.media_type, found):
        warnings.append(_lying(name, found))
    if locked:
        warnings.append(_locked(name))
    kind = media.by_media_type(found)
    if kind is not None and kind.family is Family.PDF:
        warnings += _pdf_warnings(path, name)
    if kind is not None and kind.family is Family.PICTURE:
        warnings += _picture_warnings(path, found, name)
    return Judged(found, tuple(warnings))


def _untold(claimed: Kind | None, head: bytes, name: str) -> Judged:
    """The content has no mark of its own: right for texts and films, wrong for what has one."""
    if claimed is None:
        return Judged(OTHER)
    if claimed.family in _BROKEN:
        raise refused(_BROKEN[claimed.family], name)
    if claimed.family is Family.OLD_OFFICE or (claimed.family is Family.TEXT and not looks_like_text(head)):
        return Judged(OTHER, (_lying(name, OTHER),))
    return Judged(claimed.media_type)


def _alike(claimed: str, found: str) -> bool:
    """Web pages under the endings of texts are texts all the same."""
    return claimed == "text/plain" and found == "text/html"


def _pdf_warnings(path: Path, name: str) -> list[str]:
    state = pdf.inspect_pdf(path)
    if state is pdf.PdfState.BROKEN:
        raise refused(Why.PDF_BROKEN, name)
    if state is pdf.PdfState.LOCKED:
        return [_locked(name)]
    if not pdf.ends_properly(path):
        return [
            _(
                "Tệp PDF «{name}» thiếu phần cuối, có thể chưa được chép đủ. Tệp đã được nhận; "
                "hãy mở xem có đủ trang không."
            ).format(name=shown(name))
        ]
    return []


def _picture_warnings(path: Path, media_type: str, name: str) -> list[str]:
    state = pictures.inspect_picture(path, media_type)
    if state is pictures.PictureState.BROKEN:
        raise refused(Why.PICTURE_BROKEN, name)
    if state is pictures.PictureState.BOMB:
        raise refused(Why.PICTURE_BOMB, name, limit=str(pictures.MAX_PIXELS // 1_000_000))
    if state is pictures.PictureState.UNCHECKED:
        return [
            _(
                "Ảnh «{name}» quá lớn hoặc thuộc loại mà máy này không xem trước được. "
                "Tệp đã được nhận nguyên vẹn nhưng không in kèm hồ sơ được."
            ).format(name=shown(name))
        ]
    return []


def _lying(name: str, media_type: str) -> str:
    return _("Tệp «{name}» có đuôi tên không đúng với nội dung: nội dung là «{kind}». Tệp đã được nhận.").format(
        name=shown(name), kind=media.kind_name(media_type)
    )


def _locked(name: str) -> str:
    return _(
        "Tệp «{name}» có mật khẩu. Tệp đã được nhận, nhưng người thẩm tra sẽ không mở được nếu không có mật khẩu."
    ).format(name=shown(name))
