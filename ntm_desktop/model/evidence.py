"""Evidence: papers and files that prove results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlobRef:
    """Content of a file: SHA-256 in hex, size in bytes, media type (``application/pdf``)."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence with the data that stand in the evidence index.

    ``issued`` is the document's date as ISO ``yyyy-mm-dd`` or empty; ``codes`` are the indicators it proves; ``sheets``
    is the number of sheets of its paper, where a person has counted them.
    """

    evidence_id: str
    assessment_id: str
    blob: BlobRef
    file_name: str
    number: str = ""
    issued: str = ""
    issuer: str = ""
    summary: str = ""
    sheets: int | None = None
    removed: bool = False
    added_at: str = ""
    codes: tuple[str, ...] = ()
    blob_present: bool = True

    @property
    def title(self) -> str:
        """What a list calls it: the summary, else the file's name."""
        return self.summary or self.file_name
