"""What is allowed in a set but should be looked at before it is used."""

from __future__ import annotations

from ntm_desktop.catalogue.indicators import knows_threshold
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue, MeasureKind
from ntm_desktop.model.text import search_key


def remarks(catalogue: Catalogue) -> tuple[str, ...]:
    """Sentences for the person who installs a set; none where there is nothing to say.

    One person as typist and checker is a remark and no refusal: small offices have one official, and a name made up to
    get past a refusal would be worse than a known gap.
    """
    made: list[str] = []
    if catalogue.typed_by and search_key(catalogue.typed_by) == search_key(catalogue.checked_by):
        message = _("Người nhập và người kiểm tra là một người ({name}); nên nhờ một người khác đối chiếu lại.")
        made.append(message.format(name=catalogue.typed_by))
    count = len(catalogue.by_code)
    if not catalogue.indicators_complete:
        message = _(
            "Bộ tiêu chí mới có {count} trên {total} chỉ tiêu, nên chương trình không kết luận đạt hay chưa đạt."
        )
        made.append(message.format(count=count, total=catalogue.indicator_total))
    elif catalogue.indicator_total is None:
        made.append(
            _("Chưa ghi tổng số chỉ tiêu của quyết định, nên chương trình không biết có thiếu chỉ tiêu nào không.")
        )
    unknown = [
        item.code
        for item in catalogue.indicators()
        if item.measure.kind is not MeasureKind.TEXT and not knows_threshold(item.requirement)
    ]
    if unknown:
        message = _(
            "{count} chỉ tiêu chưa có mức đạt chuẩn, phải nhập mức tại địa phương hoặc đánh giá bằng tay: {codes}."
        )
        made.append(message.format(count=len(unknown), codes=", ".join(unknown)))
    return tuple(made)
