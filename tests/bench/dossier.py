"""The same 60 pages by us, by reportlab drawn bare, LibreOffice, WeasyPrint and typst: time, peak memory, size.

    python tests/bench/dossier.py [ROUNDS] [--others PYTHON]

20 pages of text and tables, 40 of photos (3000 × 2000, noise, about 2 MB each). The photos' print copies are made when
they are attached: that is timed by itself; the others get the same copies. «again» is a
second file in the same process, as in the window. ``--others`` names a
Python with weasyprint and typst; LibreOffice is used where it is on the path. Every run is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PHOTOS, TEXT_PAGES, ROWS = 40, 20, 16
WORDS = (
    "Đường trục thôn, liên thôn được bê tông hóa bảo đảm ô tô đi lại thuận tiện quanh năm, đạt 85,50 % theo kế hoạch. "
)
PRINT = 1600


def photos(folder: Path) -> list[Path]:
    """As a camera gives them: large, hard to pack."""
    from PIL import Image

    made = []
    for place in range(PHOTOS):
        small = Image.effect_noise((750, 500), 40 + place).convert("RGB")
        made.append(folder / f"anh-{place:02d}.jpg")
        small.resize((3000, 2000), Image.Resampling.BICUBIC).save(made[-1], quality=93)
    return made


def copies(folder: Path) -> list[Path]:
    """Print copies, made already."""
    return sorted(folder.glob("in-*.jpg"))


def attach(folder: Path) -> None:
    """What happens when a photo is attached."""
    from ntm_desktop.evidence import pictures

    for place, path in enumerate(sorted(folder.glob("anh-*.jpg"))):
        picture = pictures.shrunk(path, (PRINT, PRINT))
        assert picture is not None
        (folder / f"in-{place:02d}.jpg").write_bytes(pictures.as_print_jpeg(picture))


def document(folder: Path) -> Any:
    """The pages as a document of ours."""
    from ntm_desktop.dossier import document as doc

    blocks: list[doc.Block] = [doc.Title("BÁO CÁO", "Kết quả xây dựng nông thôn mới (mẫu)")]
    columns = (
        doc.Column("TT", 10, doc.Align.CENTER), doc.Column("Nội dung", 70), doc.Column("Kết quả", 30, doc.Align.RIGHT),
        doc.Column("Ghi chú", 40),
    )  # fmt: skip
    for page in range(TEXT_PAGES):
        blocks += [
            doc.Heading(2, f"{page + 1}.", "Nội dung mẫu của một phần báo cáo"),
            doc.Paragraph(doc.text(WORDS * 3)),
        ]
        rows = tuple(
            doc.Row((doc.cell(str(n)), doc.cell(WORDS[:60]), doc.cell("1.234,56"), doc.cell("Đạt")))
            for n in range(1, ROWS)
        )
        blocks += [doc.Table(columns, rows), doc.PageBreak()]
    shown = (doc.Picture(path, doc.text(f"Ảnh {n}. {WORDS[:60]}")) for n, path in enumerate(copies(folder), start=1))
    blocks += [block for picture in shown for block in (doc.Pictures((picture,), 1), doc.PageBreak())]
    return doc.Document("mau", "Báo cáo mẫu", tuple(blocks[:-1]))


def ours(folder: Path) -> Path:
    """This program's PDF writer."""
    from ntm_desktop.dossier.pdf import write_pdf

    write_pdf(document(folder), folder / "ours.pdf")
    return folder / "ours.pdf"


def bare(folder: Path) -> Path:
    """reportlab's canvas: words at places worked out beforehand, nothing wrapped, nothing decided."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0
    fonts = Path(__file__).parents[2] / "resources" / "fonts"
    for name, file in (("R", "LiberationSerif-Regular.ttf"), ("B", "LiberationSerif-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(fonts / file)))
    canvas = Canvas(str(folder / "bare.pdf"), pagesize=(595.28, 841.89), invariant=1, pageCompression=1)
    edges = (85.0, 116.0, 335.0, 428.0, 552.0)
    for page in range(TEXT_PAGES):
        canvas.setFont("B", 14)
        canvas.drawString(121, 770, f"{page + 1}. Nội dung mẫu của một phần báo cáo")
        canvas.setFont("R", 14)
        words = WORDS * 3
        for line in range(-(-len(words) // 72)):
            canvas.drawString(85, 745 - line * 17.5, words[line * 72 : line * 72 + 72])
        for row in range(ROWS):
            y = 640 - row * 26
            for column, words in enumerate((str(row), WORDS[:60], "1.234,56", "Đạt")):
                canvas.rect(edges[column], y, edges[column + 1] - edges[column], 26)
                canvas.setFont("B" if row == 0 else "R", 11)
                canvas.drawString(edges[column] + 3, y + 14, words[:40])
                if len(words) > 40:
                    canvas.drawString(edges[column] + 3, y + 2, words[40:])
        canvas.showPage()
    for place, path in enumerate(copies(folder), start=1):
        canvas.drawImage(str(path), 85, 420, 467, 311)
        canvas.setFont("R", 12)
        canvas.drawString(100, 400, f"Ảnh {place}. {WORDS[:60]}")
        canvas.showPage()
    canvas.save()
    return folder / "bare.pdf"


def word(folder: Path) -> Path:
    """Our Word file of it."""
    from ntm_desktop.dossier.word import write_word

    write_word(document(folder), folder / "mau.docx")
    return folder / "mau.docx"


def libreoffice(folder: Path) -> Path:
    """The Word file (made beforehand) through LibreOffice."""
    call = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf"]
    subprocess.run([*call, "--outdir", str(folder), str(folder / "mau.docx")], check=True, capture_output=True)
    return folder / "mau.pdf"


def html(folder: Path) -> str:
    """The pages for WeasyPrint."""
    parts = [
        "<html lang=vi><style>@page{size:A4;margin:20mm 15mm 20mm 30mm}body{font:14pt 'Liberation Serif'}"
        "table{border-collapse:collapse;width:100%;font-size:11pt}td,th{border:.5pt solid;padding:2pt}"
        "section{break-after:page}img{width:100%}</style><h1>BÁO CÁO</h1>"
    ]
    for page in range(TEXT_PAGES):
        rows = "".join(f"<tr><td>{n}<td>{WORDS[:60]}<td>1.234,56<td>Đạt" for n in range(1, ROWS))
        parts.append(
            f"<section><h2>{page + 1}. Nội dung mẫu</h2><p>{WORDS * 3}<table><thead><tr><th>TT<th>Nội dung<th>"
        )
        parts.append(f"Kết quả<th>Ghi chú</thead>{rows}</table></section>")
    parts += [
        f"<section><img src='{path}'><p>Ảnh {n}. {WORDS[:60]}</section>" for n, path in enumerate(copies(folder), 1)
    ]
    return "".join(parts)


def weasyprint(folder: Path) -> Path:
    """HTML and CSS."""
    import weasyprint as program  # type: ignore[import-not-found,unused-ignore]

    program.HTML(string=html(folder), base_url=str(folder)).write_pdf(folder / "weasyprint.pdf")
    return folder / "weasyprint.pdf"


def typst(folder: Path) -> Path:
    """Its own markup."""
    import typst as program  # type: ignore[import-not-found,unused-ignore]

    parts = [
        '#set page(paper:"a4",margin:(top:20mm,bottom:20mm,left:30mm,right:15mm))\n',
        '#set text(font:"Liberation Serif",14pt)\n',
    ]
    for page in range(TEXT_PAGES):
        cells = "".join(f"[{n}],[{WORDS[:60]}],[1.234,56],[Đạt]," for n in range(1, ROWS))
        parts.append(f"== {page + 1}. Nội dung mẫu\n{WORDS * 3}\n\n#text(11pt)[#table(columns:(10fr,70fr,30fr,40fr),")
        parts.append(f"table.header[TT][Nội dung][Kết quả][Ghi chú],{cells})]\n#pagebreak()\n")
    parts += [
        f'#image("{path.name}",width:100%)\nẢnh {n}. {WORDS[:60]}\n#pagebreak(weak:true)\n'
        for n, path in enumerate(copies(folder), 1)
    ]
    (folder / "mau.typ").write_text("".join(parts), encoding="utf-8")
    fonts = str(Path(__file__).parents[2] / "resources" / "fonts")
    program.compile(str(folder / "mau.typ"), output=str(folder / "typst.pdf"), font_paths=[fonts])
    return folder / "typst.pdf"


WAYS: dict[str, Callable[[Path], Path]] = {
    "ours": ours, "bare reportlab": bare, "our docx": word, "LibreOffice": libreoffice, "WeasyPrint": weasyprint,
    "typst": typst,
}  # fmt: skip
OTHERS = ("WeasyPrint", "typst")


def one(name: str, folder: Path) -> None:
    """In a process of its own: prints seconds for the first and a second file, peak and size in MB."""
    begun = time.perf_counter()
    made = WAYS[name](folder)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN if name == "LibreOffice" else resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    WAYS[name](folder)
    again = time.perf_counter() - begun
    print(json.dumps([seconds, again, peak / 1024, made.stat().st_size / 1e6, str(made)]))


def main() -> None:
    """Runs them in turn."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", nargs="?", type=int, default=3)
    parser.add_argument("--others", default="")
    parser.add_argument("--one", nargs=2)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one[0], Path(chosen.one[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        taken = photos(folder)
        print(f"{len(taken)} photos, {sum(path.stat().st_size for path in taken) / 1e6:.0f} MB")
        begun = time.perf_counter()
        attach(folder)
        print(f"print copies: {time.perf_counter() - begun:.2f} s, paid when photos are attached")
        found: dict[str, list[list[Any]]] = {}
        for _round in range(chosen.rounds):
            for way in WAYS:
                python = chosen.others if way in OTHERS else sys.executable
                if not python:
                    continue
                call = [python, __file__, "--one", way, name]
                paths = os.pathsep.join((str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")))
                done = subprocess.run(
                    call, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": paths}, check=False
                )
                if done.returncode:
                    print(way, done.stderr[-300:])
                    continue
                found.setdefault(way, []).append(json.loads(done.stdout.splitlines()[-1]))
        from pypdf import PdfReader

        for way, runs in found.items():
            first, again, peak = (statistics.median(run[place] for run in runs) for place in (0, 1, 2))
            size, made = runs[0][3:]
            pages = len(PdfReader(made).pages) if str(made).endswith(".pdf") else ""
            print(f"{way:16} {first:6.2f} s, again {again:5.2f} s {peak:6.0f} MB peak {size:6.1f} MB {pages:>4} pages")


if __name__ == "__main__":
    main()
