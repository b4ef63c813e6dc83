"""What an operation changed, told once to everybody who shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changes:
    """Records that an operation changed, as (entity, entity id); ``everything`` after an import, restore or switch."""

    records: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    everything: bool = False

    def __bool__(self) -> bool:
        return self.everything or bool(self.records)

    def touches(self, *entities: str) -> bool:
        """True where a record of one of ``entities`` may have changed."""
        return self.everything or any(entity in entities for entity, _ in self.records)

    @property
    def codes(self) -> frozenset[str]:
        """Codes of the indicators whose result, level, evidence or opinion changed."""
        coded = ("result", "level", "evidence_link", "appraisal")
        return frozenset(entity_id.rpartition("/")[2] for entity, entity_id in self.records if entity in coded)

    @staticmethod
    def of(records: Iterable[tuple[str, str]]) -> Changes:
        """Changes of these records."""
        return Changes(frozenset(records))


EVERYTHING = Changes(everything=True)
