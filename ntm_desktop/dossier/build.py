"""From the frozen facts to the documents of the dossier."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from ntm_desktop.dossier.compose import compose
from ntm_desktop.dossier.document import Document
from ntm_desktop.dossier.making import Making
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _, in_vietnamese
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.procedure import DocumentEntry

SAMPLE_MARK = "HỒ SƠ MẪU - KHÔNG CÓ GIÁ TRỊ"


def build(
    facts: DossierFacts,
    on: date,
    *,
    sample: bool = False,
    draft: bool = False,
    documents: Collection[str] | None = None,
) -> tuple[Document, ...]:
    """Documents of the dossier in the procedure's order, in Vietnamese whatever language the window has.

    ``on`` is the day of printing; ``sample`` marks every page as a sample, ``draft`` as a draft; ``documents`` chooses
    by id, all of the procedure where none are named.

    Raises:
        InvalidInput: the procedure has no document of that id, or there is no template for it.
    """
    entries = chosen(facts, documents if documents is not None else [item.id for item in facts.procedure.documents])
    with in_vietnamese():
        made = [_made(facts, entry, on, draft) for entry in entries]
    return tuple(replace(document, mark=SAMPLE_MARK) if sample else document for document in made)


def chosen(facts: DossierFacts, documents: Collection[str] | None) -> tuple[DocumentEntry, ...]:
    """Entries of the procedure by id, in its order; those that are submitted where none are named.

    Raises:
        InvalidInput: the procedure has no document of that id, or there is no template for it.
    """
    known = {entry.id: entry for entry in facts.procedure.documents}
    wanted = documents if documents is not None else [entry.id for entry in known.values() if entry.submitted]
    for name in wanted:
        if name not in known:
            raise InvalidInput(
                _("Không có «{name}».").format(name=name), _("Có thể chọn: {names}.").format(names=", ".join(known))
            )
        if known[name].template not in facts.templates:
            raise InvalidInput(
                _("Văn bản «{name}» cần mẫu «{template}», nhưng chưa có mẫu ấy trong máy.").format(
                    name=known[name].name, template=known[name].template
                ),
                _("Hãy cài mẫu bằng lệnh «ntm template import», hoặc sửa thủ tục; dữ liệu của đơn vị vẫn nguyên."),
            )
    return tuple(entry for entry in known.values() if entry.id in set(wanted))


def _made(facts: DossierFacts, entry: DocumentEntry, on: date, draft: bool) -> Document:
    return compose(facts.templates[entry.template], facts, Making(entry.id, on, draft, entry))
