"""Write a package with every member that its format knows: ``python -m tests.old.make_members FOLDER``.

Two computers' signed histories, a receipt that lacks, waits and has seen a fork, an empty file, recovery data; beside
it what must be read from it. Like all files of a released format it is never made again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from ntm_desktop.exchange import PackagePlan, PlannedBlob, write_packages
from ntm_desktop.exchange.cards import make_card
from ntm_desktop.exchange.heads import sign_head
from ntm_desktop.exchange.identity import Keys
from ntm_desktop.model.changes import GENESIS, Change, ChangeId, JsonValue, canonical_json
from ntm_desktop.model.devices import KeyRole, Receipt, Span, device_id
from ntm_desktop.model.evidence import BlobRef

UNIT, AT = "02875", "2024-11-20T03:04:05.678+00:00"
COMMUNE = Keys("41" * 32, "AGE-SECRET-KEY-1HFWDQCX9YS4M8YAQY4MMKKJFWC266X66FPMQM93C0GTL0ZZ4WKWSXDFMCS", AT)
OFFICE = Keys("42" * 32, "AGE-SECRET-KEY-1MSJ2HHC5M5P6J7508TJ2EH3EKSAXE49AC55UKPSHY2AV5JXVX4JSZD3V2C", AT)
NONCE, OFFICE_NONCE = "4a" * 8, "4b" * 8
EVIDENCE = {
    "biên bản họp thôn.txt": "Biên bản mẫu về việc họp thôn.\n".encode() * 40,
    "ảnh đường liên thôn.jpg": b"\xff\xd8\xff\xe0" + hashlib.shake_256(b"mau").digest(3_000),
    "tệp rỗng.txt": b"",
}


def blob(folder: Path, content: bytes, media_type: str) -> PlannedBlob:
    """A file to be packed."""
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / sha256).write_bytes(content)
    return PlannedBlob(BlobRef(sha256, len(content), media_type), folder / sha256)


def chained(device: str, items: list[tuple[str, str, str, JsonValue]]) -> list[Change]:
    """Changes of one device, each overwriting the one before where it sets the same field."""
    changes: list[Change] = []
    last: dict[tuple[str, str, str], ChangeId] = {}
    for seq, (entity, entity_id, field, value) in enumerate(items, start=1):
        overwrites = tuple(filter(None, [last.get((entity, entity_id, field))]))
        previous = changes[-1].hash() if changes else GENESIS
        names = (entity, entity_id, field)
        changes.append(Change(device, seq, seq, AT, "Người dùng mẫu", UNIT, *names, value, overwrites, previous))
        last[names] = changes[-1].id
    return changes


def plan(folder: Path) -> PackagePlan:
    """What every package of the sample holds."""
    assessment = f"{UNIT}.xa-ntm.2024"
    blobs = tuple(blob(folder, content, "application/octet-stream") for content in EVIDENCE.values())
    mine: list[tuple[str, str, str, JsonValue]] = [
        ("assessment", assessment, "year", 2024),
        ("result", f"{assessment}/3.1", "value", {"percent": "81,5"}),
        ("result", f"{assessment}/3.1", "value", {"percent": "82"}),
        ("result", f"{assessment}/17.1", "explanation", 'Giải trình mẫu: «dòng 1»\nvà "dòng 2"'),
    ]
    for number, (name, each) in enumerate(zip(EVIDENCE, blobs, strict=True)):
        file: JsonValue = {
            "sha256": each.ref.sha256, "size": each.ref.size, "media_type": each.ref.media_type, "name": name,
        }  # fmt: skip
        mine.append(("evidence", f"{number:032x}", "file", file))
    opinion: JsonValue = {"verdict": "agreed", "note": "Ghi chú mẫu"}
    device, office = device_id(COMMUNE.key, UNIT, NONCE), device_id(OFFICE.key, UNIT, OFFICE_NONCE)
    changes, opinions = chained(device, mine), chained(office, [("appraisal", f"{assessment}/3.1", "opinion", opinion)])
    return PackagePlan(
        unit_code=UNIT,
        unit_name="Xã mẫu",
        device=device,
        device_name="Máy mẫu",
        sequence=5,
        vector_from={},
        vector_to={device: len(changes), office: 1},
        changes=[*changes, *opinions],
        heads=(
            sign_head(COMMUNE, UNIT, device, NONCE, len(changes), changes[-1].hash()),
            sign_head(OFFICE, UNIT, office, OFFICE_NONCE, 1, opinions[-1].hash()),
        ),
        cards=(
            make_card(COMMUNE, name="Máy mẫu", unit=UNIT, unit_name="Xã mẫu", role=KeyRole.COMMUNE, made_at=AT),
            make_card(OFFICE, name="Máy tỉnh", unit="10", unit_name="Tỉnh mẫu", role=KeyRole.OFFICE, made_at=AT),
        ),
        receipt=Receipt(
            counter=4,
            vector={office: 1},
            waiting=(Span(office, 3, 7),),
            missing=("ab" * 32,),
            packages=("cd" * 16,),
            forks={office: 2},
            hashes={office: opinions[-1].hash()},
        ),
        blobs=blobs,
        catalogues=(blob(folder, canonical_json({"id": "xa-ntm", "name": "Bộ mẫu"}), "application/json"),),
        assessments=[{"assessment_id": assessment, "catalogue": "xa-ntm@1", "year": 2024}],
        app_version="0.1.0",
        created_at=AT,
        keys=COMMUNE,
        plain=True,
        recovery=True,
    )


def main() -> None:
    """Write both files."""
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        base = plan(Path(scratch))
        (written,) = write_packages(base, Path(scratch))
        shutil.copyfile(written.path, folder / "members.ntmpkg")
    with zipfile.ZipFile(folder / "members.ntmpkg") as archive:
        described = {name: json.loads(archive.read(f"{name}.json")) for name in ("header", "manifest")}
    expected = {**described, "changes": [change.to_json() for change in base.changes]}
    text = json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
    (folder / "members.json").write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
