"""What a computed part of a paper is told besides the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ntm_desktop.dossier.document import Block
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.procedure import DocumentEntry


@dataclass(frozen=True, slots=True)
class Making:
    """The paper that is being made: its id, the day of printing, and its line in the procedure (None: not listed)."""

    document_id: str
    on: date
    draft: bool = False
    entry: DocumentEntry | None = None


Part: TypeAlias = Callable[[DossierFacts, Making], Iterable[Block]]
Parts: TypeAlias = Mapping[str, Part]
