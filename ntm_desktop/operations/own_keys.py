"""This computer's own keys: made when a workspace is made or first opened, kept beside the database, never inside."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ntm_desktop import wording
from ntm_desktop.errors import InvalidInput, StorageFailed
from ntm_desktop.exchange import heads, identity
from ntm_desktop.exchange.identity import Keys
from ntm_desktop.i18n import _
from ntm_desktop.model.devices import Trust
from ntm_desktop.store.local import KEY
from ntm_desktop.store.store import Store, UnitOfWork

SHORTEST_PASSPHRASE = 8


def held(folder: Path) -> Keys | None:
    """The keys of the workspace in ``folder``; None where there are none.

    Raises:
        WorkspaceDamaged: they cannot be read.
    """
    return identity.load(folder / identity.FOLDER)


def keep(folder: Path, keys: Keys) -> Keys:
    """Keep ``keys`` in a folder without a database; others that lie there from an earlier one are put aside.

    Raises:
        StorageFailed: the folder cannot be written.
    """
    place = folder / identity.FOLDER
    file = place / identity.FILE
    try:
        if file.exists() and file.read_bytes() != keys.to_bytes():
            number = 1
            while (aside := place / f"former-{number}.json").exists():
                number += 1
            file.rename(aside)
        identity.save(place, keys)
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được tệp khoá vào {folder}: {reason}.").format(
                folder=place, reason=wording.system_reason(error)
            ),
            _("Chưa có gì thay đổi. Hãy chọn thư mục khác hoặc kiểm tra quyền ghi."),
        ) from error
    return keys


def fresh(folder: Path) -> Keys:
    """New keys, kept in a folder that gets a new workspace.

    Raises:
        StorageFailed: the folder cannot be written.
    """
    return keep(folder, identity.generate())


def discard(folder: Path) -> None:
    """Take away the keys of a workspace that could not be made: nobody has seen them."""
    place = folder / identity.FOLDER
    with suppress(OSError):
        (place / identity.FILE).unlink(missing_ok=True)
        place.rmdir()


def of_workspace(folder: Path, store: Store) -> Keys:
    """The keys of a workspace that is being opened; new ones where they were lost.

    Raises:
        WorkspaceDamaged: they cannot be read. StorageFailed: new ones cannot be kept.
    """
    keys = held(folder) or fresh(folder)
    with store.read() as work:
        known = work.local.get(KEY, "")
    if known != keys.key:
        with store.write() as work:
            adopt(work, keys)
    return keys


def adopt(work: UnitOfWork, keys: Keys) -> None:
    """Write under ``keys`` from now on, in a workspace that wrote under others.

    What the lost keys have not vouched for is written anew: nobody could ever check it under the old device ids.
    """
    former = work.local.get(KEY, "")
    work.local.put(KEY, keys.key)
    for unit, device in work.local.own_devices().items():
        vouched = work.partners.highest_heads(unit).get(device)
        work.rewriting.reissue(unit, vouched.seq + 1 if vouched is not None else 1)
    no_longer_own(work, former)


def no_longer_own(work: UnitOfWork, key: str) -> None:
    """The computer with this key is another one now: it may live on, or be lost and to be revoked."""
    known = work.partners.key(key)
    if known is not None and known.trust is Trust.OWN:
        work.partners.put_key(replace(known, trust=Trust.SEEN, source="card"))


def sign_heads(work: UnitOfWork, keys: Keys) -> None:
    """Sign the present ends of all own histories and keep them.

    To be done before a device id is given up, and before the database is copied: whoever goes on from there can pass
    on what was written so far.
    """
    for unit, device in work.local.own_devices().items():
        seq, last_hash = work.journal.chain_end(device)
        if seq:
            nonce = work.local.own_nonce(unit)
            work.partners.keep_heads([heads.sign_head(keys, unit, device, nonce, seq, last_hash)])


def check_passphrase(passphrase: str) -> None:
    """What a passphrase must have to be worth anything.

    Raises:
        InvalidInput: it is too short.
    """
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise InvalidInput(
            _("Mật khẩu quá ngắn."),
            _("Chưa có gì được ghi. Mật khẩu cần ít nhất {count} ký tự; nên dùng bốn, năm từ.").format(
                count=SHORTEST_PASSPHRASE
            ),
        )
