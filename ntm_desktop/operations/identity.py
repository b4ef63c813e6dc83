"""This computer's card, and the cards of others: how computers come to know each other."""

from __future__ import annotations

from pathlib import Path

from ntm_desktop import wording
from ntm_desktop.errors import InvalidInput, StorageFailed
from ntm_desktop.exchange.cards import Card, card_file_name, read_card, write_card
from ntm_desktop.exchange.refusals import shown
from ntm_desktop.i18n import _
from ntm_desktop.model.devices import Trust
from ntm_desktop.model.progress import Silent
from ntm_desktop.operations import devices, refusing, taking, trust
from ntm_desktop.operations.devices import Known
from ntm_desktop.operations.workspace import Workspace

__all__ = [
    "Card",
    "Known",
    "export_card",
    "import_card",
    "import_offered_cards",
    "look_at_card",
    "make_folder",
    "own_card",
]


def own_card(workspace: Workspace) -> Card:
    """The card of this computer, with its fingerprint."""
    with workspace.store.read() as work:
        return devices.own_card_in(workspace, work)


def export_card(workspace: Workspace, folder: Path) -> Path:
    """Write this computer's card into a folder, to be handed to those whom it exchanges packages with.

    Raises:
        StorageFull, StorageFailed: the folder cannot take it.
    """
    make_folder(folder)
    card = own_card(workspace)
    path = folder / card_file_name(card)
    write_card(card, path)
    return path


def look_at_card(workspace: Workspace, path: Path) -> Card:
    """A card as it is in its file, held against what is known here; nothing is remembered.

    Raises:
        CardRefused: it is none, damaged, or contradicts what is known.
    """
    card = read_card(path)
    with workspace.store.read() as work:
        trust.check_card(work, card)
    return card


def import_card(workspace: Workspace, path: Path) -> Known:
    """Remember the computer that a card introduces, as seen: it is confirmed when two people compare its fingerprint.

    Raises:
        CardRefused: the card is none, damaged, or contradicts what is known.
        InvalidInput: it is this computer's own, or of one that was revoked.
    """
    card = read_card(path)
    if card.key == workspace.keys.key:
        raise InvalidInput(
            _("Đây là thẻ của chính máy này."),
            _("Chưa có gì thay đổi. Hãy đưa thẻ này cho máy khác, và nhập thẻ của máy khác vào đây."),
        )
    with workspace.store.write() as work:
        known = trust.enrol_card(work, card, trust.BY_CARD)
        if known.trust is Trust.REVOKED:
            raise InvalidInput(
                _("Khoá của máy «{name}» đã bị thu hồi trên máy này.").format(name=known.name),
                _("Chưa có gì thay đổi. Nếu thu hồi nhầm, hãy so mã đối chiếu rồi xác nhận lại máy đó."),
            )
        return devices.shown(work, [known])[0]


def import_offered_cards(workspace: Workspace, path: Path, passphrase: str | None = None) -> tuple[Known, ...]:
    """Remember the computers whose cards travel in a package and whom only a person can decide to believe.

    So the history of a lost computer comes back from the office, though its own card is lost with it.

    Raises:
        PackageRefused: the package cannot be read. InvalidInput: it carries no such card.
    """
    with (
        taking.open_package(workspace, path, Silent(), passphrase=passphrase, verify_blobs=False) as package,
        workspace.store.write() as work,
        refusing.Refusing(work, shown(path), package),
    ):
        judged = trust.judge_sender(work, package, shown(path))
        made = [trust.enrol_card(work, card, trust.BY_CARD) for card in judged.offered]
        if not made:
            raise InvalidInput(
                _("Gói {file} không kèm thẻ của máy nào mà máy này chưa biết.").format(file=shown(path)),
                _("Chưa có gì thay đổi. Hãy nhận gói, hoặc nhập thẻ từ tệp .ntmcard."),
            )
        return devices.shown(work, made)


def make_folder(folder: Path) -> None:
    """A folder to write into.

    Raises:
        StorageFailed: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được vào {folder}: {reason}.").format(folder=folder, reason=wording.system_reason(error)),
            _("Chưa có gì được ghi. Hãy kiểm tra USB đã cắm và không bị khoá ghi."),
        ) from error
