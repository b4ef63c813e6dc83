"""Why a package is not taken: what journal and trust refuse, as sentences about the package."""

from __future__ import annotations

from datetime import datetime

from ntm_desktop import wording
from ntm_desktop.errors import CardRefused, CatalogueInvalid, PackageRefused, PackageUntrusted, WorkspaceDamaged
from ntm_desktop.exchange import Package
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import Change, ChangeMalformed
from ntm_desktop.model.fields import ChangeForbidden
from ntm_desktop.operations.history import FIELD_NAMES
from ntm_desktop.operations.own_history import parting
from ntm_desktop.operations.partners import device_name
from ntm_desktop.operations.workspace import Role, unit_of
from ntm_desktop.store.arriving import HistoryRewritten, RecordOfOtherUnit
from ntm_desktop.store.store import UnitOfWork


class HistoryForked(PackageRefused):
    """A computer sends another history than the one it sent before: it went back to an earlier state, or was copied."""

    def __init__(self, message: str, hint: str, device: str, unit: str, parting: int) -> None:
        super().__init__(message, hint)
        self.device = device
        self.unit = unit
        self.parting = parting  # the earliest counter at which the two histories can part


class Refusing:
    """Turns what is refused in the block into a sentence about the package, whose file has the name ``name``."""

    def __init__(self, work: UnitOfWork, name: str, package: Package) -> None:
        self._work = work
        self._name = name
        self._package = package

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        safe = _("Cả gói không được nhận, dữ liệu trên máy này không thay đổi.")
        if isinstance(error, HistoryRewritten):
            device, seq = error.args
            raise self._forked(device, seq, safe) from error
        if isinstance(error, ChangeForbidden):
            raise self._forbidden(error.change, safe) from error
        if isinstance(error, CatalogueInvalid | WorkspaceDamaged):
            raise PackageRefused(
                _("Gói {name} thiếu hoặc có bộ tiêu chí không đọc được.").format(name=self._name),
                safe + " " + _("Hãy đề nghị nơi gửi xuất lại toàn bộ («Gửi toàn bộ», --full)."),
            ) from error
        if isinstance(error, RecordOfOtherUnit | ChangeMalformed):
            raise PackageRefused(
                _("Gói {name} chứa thay đổi không hợp lệ hoặc của đơn vị khác.").format(name=self._name),
                safe + " " + _("Hãy đề nghị nơi gửi xuất lại gói bằng phần mềm mới nhất."),
            ) from error
        if isinstance(error, CardRefused):
            raise PackageUntrusted(error.message, f"{safe} {error.hint}") from error

    def _forked(self, device: str, seq: int, safe: str) -> HistoryForked:
        held = self._work.rows.changes([(device, seq), (device, seq - 1)])
        known = held.get((device, seq)) or held.get((device, seq - 1))
        at = wording.time_text(datetime.fromisoformat(known.at)) if known else "?"
        sentence = _("Gói {name}: {device} gửi lịch sử khác với lịch sử đã nhận trước đây, từ thay đổi {seq} ({at}).")
        hint = _(
            "Dữ liệu trên máy đó có thể đã được đưa về bản cũ hoặc được chép sang máy khác. Hãy gửi gói từ máy này "
            "(kèm biên nhận) về máy đó: khi nhận, máy đó tự ghi lại phần khác biệt, rồi gửi lại."
        )
        name = device_name(self._work, device, self._package)
        return HistoryForked(
            sentence.format(name=self._name, device=name, seq=seq, at=at),
            f"{safe} {hint}",
            device,
            self._package.manifest.identity.unit_code,
            parting(self._work, self._package, device, seq),
        )

    def _device(self, device: str) -> str:
        """The computer by name, also where it is met for the first time: by the card in the package."""
        key = next((head.key for head in self._package.heads if head.device == device), "")
        card = next((card for card in self._package.cards if card.key == key), None)
        if card is None or self._work.partners.key(key) is not None:
            return device_name(self._work, device)
        return _("máy «{name}»").format(name=card.name)

    def _forbidden(self, change: Change, safe: str) -> PackageUntrusted:
        field = _(FIELD_NAMES.get((change.entity, change.field), change.field))
        return PackageUntrusted(
            _("Gói {name}: {device} không có quyền ghi mục «{field}» ({record}).").format(
                name=self._name,
                device=device_name(self._work, change.device, self._package),
                field=field,
                record=change.entity_id,
            ),
            safe + " " + _("Hãy hỏi lại nơi gửi."),
        )


def check_unit(work: UnitOfWork, name: str, code: str) -> tuple[str, ...]:
    """A commune takes packages of its own unit only; an office is warned about other provinces.

    Raises:
        PackageRefused: the package is of another commune.
    """
    unit, own = unit_of(code), unit_of(work.local.get("unit"))
    if Role(work.local.get("role")) is Role.COMMUNE:
        if unit.code != own.code:
            raise PackageRefused(
                _("Gói {name} là của {unit}, không phải của {own}.").format(name=name, unit=unit.place, own=own.place),
                _("Chưa có gì thay đổi. Hãy kiểm tra lại USB hoặc chuyển gói tới đúng nơi nhận."),
            )
        return ()
    if unit.province_code != own.province_code:
        return (_("{unit} không thuộc {own}.").format(unit=unit.place, own=own.province_name or own.full_name),)
    return ()
