"""Papers and pictures for sample data, generated and plainly marked as sample."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ntm_desktop import paths
from ntm_desktop.dossier import SAMPLE_MARK
from ntm_desktop.dossier.document import Block, Document, Metadata, Note, Paragraph, Title, text
from ntm_desktop.model.assessment import AssessedIndicator

WIDTH, HEIGHT = 1600, 1067


def sample_document(
    folder: Path, item: AssessedIndicator, paper: Mapping[str, Any], details: Mapping[str, str]
) -> Path:
    """A one-page PDF that says what it is a sample of."""
    from ntm_desktop.dossier.pdf import write_pdf

    target = folder / paths.safe_name(f"bao-cao-mau-{item.code}.pdf")
    facts = {"code": item.code, "name": item.indicator.name, **details}
    blocks: tuple[Block, ...] = (
        Note(paper["note"]),
        Title(paper["kind"], paper["subject"].format(**facts)),
        *(Paragraph(text(line.format(**facts))) for line in paper["lines"]),
    )
    metadata = Metadata(author=SAMPLE_MARK)
    write_pdf(Document("mau", details["summary"], blocks, mark=SAMPLE_MARK, metadata=metadata), target)
    return target


def sample_photo(folder: Path, code: str, words: str) -> Path:
    """A drawn landscape with ``words`` on it."""
    from PIL import Image, ImageDraw, ImageFont

    target = folder / paths.safe_name(f"anh-mau-{code}.jpg")
    picture = Image.new("RGB", (WIDTH, HEIGHT), (196, 222, 236))
    draw = ImageDraw.Draw(picture)
    for step in range(7):
        top = HEIGHT * (4 + step) // 11
        shade = (96 + 14 * step, 140 + 9 * step, 84 + 5 * step)
        peaks = [(x, top + ((x // 160 + step) % 3) * 34) for x in range(0, WIDTH + 161, 160)]
        draw.polygon([(0, HEIGHT), *peaks, (WIDTH, HEIGHT)], fill=shade)
    font = ImageFont.truetype(str(paths.resources() / "fonts" / "LiberationSans-Bold.ttf"), 72)
    draw.text((60, 60), words, font=font, fill=(32, 48, 40))
    with paths.writing(target) as stream:
        picture.save(stream, "JPEG", quality=82)
    return target
