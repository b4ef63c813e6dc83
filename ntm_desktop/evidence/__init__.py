"""TEMPORARY stand-in by the lead until the evidence room is written; overwrite it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ntm_desktop.model.evidence import BlobRef


class BlobStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def clean_partials(self) -> None: ...

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def open(self, sha256: str) -> BinaryIO:
        return open(self.path(sha256), "rb")

    def verify(self, sha256: str) -> bool:
        return hashlib.sha256(self.path(sha256).read_bytes()).hexdigest() == sha256

    def discard(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def put_bytes(self, content: bytes, media_type: str) -> BlobRef:
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return BlobRef(digest, len(content), media_type)

    def put_stream(self, stream: Any, media_type: str, **_options: Any) -> BlobRef:
        return self.put_bytes(stream.read(), media_type)

    def all(self) -> Iterator[str]:
        return (path.name for path in self.folder.glob("??/*"))


@dataclass(frozen=True)
class TakenFile:
    ref: BlobRef
    file_name: str
    warnings: tuple[str, ...] = ()


def intake(source: Path, store: BlobStore, progress: Any = None) -> TakenFile:
    kinds = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}
    return TakenFile(store.put_bytes(source.read_bytes(), kinds.get(source.suffix.lower(), "application/octet-stream")), source.name)
