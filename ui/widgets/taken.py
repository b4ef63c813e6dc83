"""What came of receiving packages, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_desktop.i18n import _
from ui.models.finds import file_text
from ui.widgets.banner import Mood

if TYPE_CHECKING:
    from ntm_desktop.operations.receiving import Outcome, Received

_SHOWN = 3  # names in a sentence; of more only the count


def taken_sentences(received: Received) -> tuple[str, str, Mood]:
    """What was taken; what is safe and what to do; how serious it is."""
    good = [outcome for outcome in received.outcomes if outcome.error is None]
    bad = [outcome for outcome in received.outcomes if outcome.error is not None]
    hints: list[str] = []
    mood = Mood.GOOD
    if good and all(outcome.already for outcome in good):
        sentence = _("Gói này đã nhận từ trước. Không có gì thay đổi.")
        mood = Mood.INFO
    elif good:
        sentence = _("Đã nhận {count} gói: {changes} thay đổi mới và {blobs} tệp minh chứng.").format(
            count=len(good),
            changes=sum(outcome.applied for outcome in good),
            blobs=sum(outcome.blobs for outcome in good),
        )
        hints = _hints(good)
        if any(
            outcome.waiting or outcome.notes or outcome.missing or outcome.damaged or outcome.conflicts
            for outcome in good
        ):
            mood = Mood.WARNING
    else:
        error = bad[0].error
        assert error is not None
        return error.message, _with_rest(error.hint, bad[1:]), Mood.ERROR
    if bad:
        mood = Mood.WARNING
        names = _names([outcome.path for outcome in bad])
        hints.append(_("Không nhận được {count} gói: {names}.").format(count=len(bad), names=names))
        hints.append(str(bad[0].error))
    if received.left:
        mood = Mood.WARNING
        names = _names(received.left)
        hints.append(
            _("Đã dừng theo yêu cầu, còn {count} gói chưa nhận: {names}.").format(count=len(received.left), names=names)
        )
    hints.append(_("Dữ liệu đã được ghi an toàn. Có thể rút USB ra."))
    return sentence, "\n".join(hints), mood


def _hints(good: Sequence[Outcome]) -> list[str]:
    hints: list[str] = []
    if any(outcome.repaired for outcome in good):
        hints.append(_("Có chỗ hỏng trên USB đã được tự sửa."))
    if any(outcome.acknowledged for outcome in good):
        hints.append(_("Nơi gửi đã xác nhận nhận được dữ liệu của máy này."))
    conflicts = sum(outcome.conflicts for outcome in good)
    if conflicts:
        hints.append(_("Có {count} chỗ hai máy nhập khác nhau, cần người chọn.").format(count=conflicts))
    hints += dict.fromkeys(sentence for outcome in good for sentence in (*outcome.waiting, *outcome.notes))
    damaged = [item.shown for outcome in good for item in outcome.damaged]
    if damaged:
        hints.append(_("Tệp hỏng không nhận: {names}.").format(names=_listed(damaged)))
    missing = list(dict.fromkeys(name for outcome in good for name in outcome.missing))
    if missing:
        hints.append(
            _("Còn thiếu {count} tệp minh chứng: {names}. Gói gửi lại lần sau sẽ đề nghị bổ sung.").format(
                count=len(missing), names=_listed(missing)
            )
        )
    return hints


def _with_rest(hint: str, rest: Sequence[Outcome]) -> str:
    if not rest:
        return hint
    return f"{hint} " + _("Và {count} gói khác cũng không nhận được.").format(count=len(rest))


def _names(paths: Sequence[Path]) -> str:
    return _listed([file_text(path) for path in paths])


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return (
        shown
        if len(names) <= _SHOWN
        else _("{names} và {count} tệp khác").format(names=shown, count=len(names) - _SHOWN)
    )
