"""The text of a paper as data: a template file of blocks with named fields, which a province may replace by its own.

A template holds no rules of its own: computed parts are named, and what a person writes is asked for in sections.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PageNumbers(StrEnum):
    """Page numbers on paper."""

    DECREE = "decree"  # Arabic, in the middle of the top margin, none on page 1 (Decree 30/2020, Appendix I)
    OF_TOTAL = "of_total"  # «2/14» at the same place, for papers that the decree does not govern
    NONE = "none"


class BlockKind(StrEnum):
    """What an entry of a template makes. The member's value is the key in the file."""

    HEAD = "head"  # agencies, national title, number, place and date
    TITLE = "title"
    ADDRESSEE = "addressee"
    BASIS = "basis"  # «Căn cứ …» lines: the procedure's and the set's, then the entry's own
    WARNING = "warning"  # the box that says a paper is printed before everything is met
    HEADING = "heading"
    TEXT = "text"
    SECTION = "section"  # what a person writes; default text or dotted lines until then
    PART = "part"  # a computed part by name
    NOTE = "note"
    SIGNATURE = "signature"
    PAGE_BREAK = "page_break"
    CONTENTS = "contents"  # table of contents


@dataclass(frozen=True, slots=True)
class TemplateBlock:
    """One entry. Texts may hold fields in braces: ``{unit}``; ``{{`` and ``}}`` stand for braces.

    ``options`` are the entry's further keys by name (title: kind, subject, above, attached; heading: level; signature:
    left, receivers; section: ask, lines, name); ``when`` names a condition of :data:`CONDITIONS`, with ``not `` before
    it for its opposite; ``line`` is where it stands in the file.
    """

    kind: BlockKind
    text: str = ""
    lines: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    when: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class PaperTemplate:
    """One paper. ``symbol``: «TTr-UBND» after the number, empty for papers without a number of their own."""

    id: str
    name: str
    title: str  # of the file, with fields
    blocks: tuple[TemplateBlock, ...]
    symbol: str = ""
    landscape: bool = False
    page_numbers: PageNumbers = PageNumbers.DECREE
    version: str = ""
    local: bool = False  # the province's own

    def sections(self) -> tuple[TemplateBlock, ...]:
        """What a person writes in this paper, in its order."""
        return tuple(block for block in self.blocks if block.kind is BlockKind.SECTION)

    @property
    def signed_by_others(self) -> bool:
        """True for records that are signed by who chaired, or by both sides: not by a signer entered for the paper."""
        return any(block.kind is BlockKind.SIGNATURE and block.options.get("right") for block in self.blocks)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Fields that a template's texts may name. dossier/fields.py has a function for each; a test compares.
FIELDS: frozenset[str] = _names(
    """
    unit office agency superior place year set_name standard period today
    receivers report_number report_date request_number request_date own_number own_date
    standing criteria_met criteria_total indicators_met indicators_total
    villages households population area minority poor near_poor income formed_from merged_by
    money_total money_spent money_people debt_total debt_until
    vote_present vote_invited vote_agreed vote_share meeting_date meeting_place
    poll_total_share poll_valid poll_sent poll_households poll_led_by
    opinions_count opinions_agreed broadcasts posted_from posted_to
    appraiser appraised_by recognised_by copies vote_needed poll_needed
    """
)
# Computed parts. dossier/parts has a function for each; a test compares.
PARTS: frozenset[str] = _names(
    """
    results result_summary self_assessment evidence_index missing
    general_figures money_table money_sentence debt_table debt_sentence conditions
    meeting_details meeting_vote steering_meetings attendance
    opinions_table opinions_summary publication
    poll_table poll_questions poll_summary
    attachments photos covers spines box_lists handover_table
    appraisal_table appraisal_summary appraisal_conditions
    """
)
# Conditions that ``when`` may name.
CONDITIONS: frozenset[str] = _names(
    """
    fulfilled one_criterion set_complete merged draft
    has_general has_money has_debt has_meeting has_opinions has_poll has_photos has_publication
    """
)
