"""What can be wrong with a criteria file or sheet, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ntm_desktop.errors import CatalogueInvalid
from ntm_desktop.i18n import _

SHOWN_AT_ONCE = 100


class ProblemCode(StrEnum):
    """Kinds of problems, for tests and for whoever shows them."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    NOT_YAML = "not_yaml"
    NOT_JSON = "not_json"
    NOT_EXCEL = "not_excel"
    ALIAS = "alias"
    TAG = "tag"
    TOO_DEEP = "too_deep"
    DUPLICATE_KEY = "duplicate_key"
    MISSING_KEY = "missing_key"
    UNKNOWN_KEY = "unknown_key"
    WRONG_TYPE = "wrong_type"
    WRONG_FORMAT = "wrong_format"
    EMPTY = "empty"
    NOT_NFC = "not_nfc"
    CONTROL_CHARACTER = "control_character"
    UNKNOWN_VALUE = "unknown_value"
    BAD_ID = "bad_id"
    BAD_DATE = "bad_date"
    DUPLICATE_ID = "duplicate_id"
    DUPLICATE_CRITERION = "duplicate_criterion"
    DUPLICATE_INDICATOR = "duplicate_indicator"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_OPERATOR = "unknown_operator"
    IMPOSSIBLE_OPERATOR = "impossible_operator"
    NO_OPERATOR = "no_operator"
    NOT_A_NUMBER = "not_a_number"
    UNKNOWN_REGION = "unknown_region"
    UNKNOWN_GROUP = "unknown_group"
    BAD_YEAR = "bad_year"
    UNCERTAIN_THRESHOLD = "uncertain_threshold"
    NO_CHOICES = "no_choices"
    NO_PARTS = "no_parts"
    NO_LEGAL_BASIS = "no_legal_basis"
    NO_PROVENANCE = "no_provenance"
    TOO_MANY_INDICATORS = "too_many_indicators"
    UNKNOWN_BASE = "unknown_base"
    UNKNOWN_INDICATOR = "unknown_indicator"
    NOTHING_CHANGED = "nothing_changed"
    EXAMPLE_LEFT = "example_left"
    FORMULA = "formula"
    NOT_CHECKED = "not_checked"
    NOT_CANONICAL = "not_canonical"


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """One problem: file name, line or row (0: none), the place in words, what is wrong and how to mend it."""

    file: str
    line: int
    place: str
    code: ProblemCode
    message: str

    def __str__(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(_("dòng {line}").format(line=self.line))
        if self.place:
            parts.append(self.place)
        return f"{', '.join(parts)}: {self.message}"


def refusal(file: str, problems: Sequence[CatalogueProblem], sentence: str = "") -> CatalogueInvalid:
    """The error that tells all problems of one file, one in each line; ``sentence`` where it is no criteria set."""
    told = [f"- {problem}" for problem in problems[:SHOWN_AT_ONCE]]
    if len(problems) > SHOWN_AT_ONCE:
        told.append(_("- … và {count} lỗi khác.").format(count=len(problems) - SHOWN_AT_ONCE))
    sentence = sentence or _("Bộ tiêu chí trong tệp «{file}» chưa dùng được, có {count} lỗi:")
    head = sentence.format(file=file, count=len(problems))
    hint = _("Chưa có gì thay đổi trong máy. Mời sửa các chỗ nêu trên rồi thử lại.")
    return CatalogueInvalid("\n".join([head, *told]), hint)
