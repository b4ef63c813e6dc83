"""Which rows of the criteria tree are shown. The choice is made when it is asked for, never because a row changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from ntm_desktop.model.assessment import AssessedCriterion, AssessedIndicator, Verdict
from ntm_desktop.model.text import search_key
from ui.models.criteria_tree import CriteriaTree


class Missing(StrEnum):
    """What an indicator may lack."""

    EVIDENCE = "evidence"
    RESULT = "result"
    LEVEL = "level"


def lacks(item: AssessedIndicator, what: Missing) -> bool:
    """Does an indicator lack this?"""
    return {
        Missing.EVIDENCE: item.lacks_evidence,
        Missing.RESULT: item.lacks_result,
        Missing.LEVEL: item.lacks_level,
    }[what]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person wants to see: indicators of a verdict, those that lack something, those with these words."""

    verdict: Verdict | None = None
    missing: frozenset[Missing] = frozenset()
    text: str = ""

    @property
    def everything(self) -> bool:
        """True where nothing is left out."""
        return self.verdict is None and not self.missing and not search_key(self.text)

    def fits(self, group: AssessedCriterion, item: AssessedIndicator) -> bool:
        """Does an indicator belong to what is wanted? Text is sought without diacritics, every word for itself."""
        if self.verdict is not None and item.verdict is not self.verdict:
            return False
        if not all(lacks(item, what) for what in self.missing):
            return False
        sought = search_key(self.text)
        if not sought:
            return True
        if item.code.lower().startswith(sought) or group.criterion.number == sought:
            return True
        place = search_key(f"{item.code} {item.indicator.name} {group.criterion.name} {item.result.responsible}")
        return all(word in place for word in sought.split())


def wanted_of(place: str) -> Wanted | None:
    """The filter that a place names (``verdict:met``, ``missing:evidence``), or None."""
    kind, _colon, name = place.partition(":")
    if kind == "verdict" and name in {verdict.value for verdict in Verdict}:
        return Wanted(verdict=Verdict(name))
    if kind == "missing" and name in {what.value for what in Missing}:
        return Wanted(missing=frozenset({Missing(name)}))
    return None


class CriteriaFilter(QSortFilterProxyModel):
    """Shows the codes chosen by :meth:`choose`; a verdict that changes while one types moves no row."""

    def __init__(self, tree: CriteriaTree, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tree = tree
        self.wanted = Wanted()
        self._shown: frozenset[str] = frozenset()
        self._groups: frozenset[str] = frozenset()
        self.setDynamicSortFilter(False)
        self.setSourceModel(tree)

    @property
    def shown(self) -> tuple[str, ...]:
        """Codes that are shown, in the set's order."""
        return tuple(item.code for group in self.tree.criteria for item in group.indicators if item.code in self._shown)

    def choose(self, wanted: Wanted, keep: str = "") -> bool:
        """Choose anew which rows are shown; ``keep`` stays in any case. True where that moved a row."""
        self.wanted = wanted
        shown: set[str] = {keep} if keep else set()
        groups: set[str] = set()
        for group in self.tree.criteria:
            codes = {item.code for item in group.indicators if item.code == keep or wanted.fits(group, item)}
            shown |= codes
            if codes:
                groups.add(group.criterion.number)
        if shown == self._shown and groups == self._groups:
            return False
        self.beginFilterChange()
        self._shown, self._groups = frozenset(shown), frozenset(groups)
        self.endFilterChange()
        return True

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        if not parent.isValid():
            criteria = self.tree.criteria
            return row < len(criteria) and criteria[row].criterion.number in self._groups
        return self.tree.criteria[parent.row()].indicators[row].code in self._shown
