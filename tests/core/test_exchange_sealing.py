"""What is sealed opens with the age tool and with a reader written from the specification; what is changed does not."""

from __future__ import annotations

import gc
import hashlib
import io
import random
import shutil
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop.exchange import identity, sealing, streams
from ntm_desktop.exchange.limits import KIB, LIMITS, MIB
from ntm_desktop.exchange.sealing import NotForUs, SealBroken, SealError, TooCostly, WrongPassphrase
from ntm_desktop.model.progress import Cancelled
from tests.core.age_by_hand import opened_by_hand

KEYS, OTHER, THIRD = identity.generate(), identity.generate(), identity.generate()
CHUNK = 64 * KIB
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, MIB, 3 * MIB + 17)


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def sealed(plain: bytes, recipients: tuple[str, ...] = (KEYS.age, OTHER.age)) -> bytes:
    written: list[bytes] = []
    sealing.seal(streams.pieces(io.BytesIO(plain).readinto, len(plain)), written.append, recipients)
    return b"".join(written)


def unsealed(data: bytes, *identities: str) -> bytes:
    written: list[bytes] = []
    sealing.unseal([data[at : at + MIB] for at in range(0, len(data), MIB)], written.append, identities)
    return b"".join(written)


def read_through(data: bytes, *identities: str) -> bytes:
    with sealing.opened(io.BytesIO(data), identities) as stream:
        return stream.read()


# --- what is sealed opens -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_whoever_it_was_sealed_to_opens_it(size: int) -> None:
    plain, data = content(size), sealed(content(size))
    assert unsealed(data, KEYS.age_secret) == plain
    assert read_through(data, THIRD.age_secret, OTHER.age_secret) == plain
    assert opened_by_hand(data, KEYS.age_secret) == plain
    assert opened_by_hand(data, OTHER.age_secret) == plain
    assert pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(KEYS.age_secret)]) == plain
    assert len(plain) < 32 or plain[:64] not in data, "a few bytes may stand there by chance"


@pytest.mark.skipif(not shutil.which("age"), reason="the age tool is not installed; the reader by hand stands in")
@pytest.mark.parametrize("size", SIZES)
def test_the_age_tool_opens_it_and_we_open_what_it_sealed(tmp_path: Path, size: int) -> None:
    (tmp_path / "key").write_text(KEYS.age_secret, encoding="ascii")
    (tmp_path / "sealed").write_bytes(sealed(content(size)))
    tool = ["age", "--decrypt", "--identity", str(tmp_path / "key"), str(tmp_path / "sealed")]
    assert subprocess.run(tool, capture_output=True, check=True).stdout == content(size)
    (tmp_path / "plain").write_bytes(content(size))
    tool = ["age", "--recipient", OTHER.age, "--recipient", KEYS.age, str(tmp_path / "plain")]
    data = subprocess.run(tool, capture_output=True, check=True).stdout
    assert read_through(data, KEYS.age_secret) == content(size)


@given(st.lists(st.binary(max_size=200_000), max_size=6))
def test_sums_are_of_both_sides_however_the_pieces_come(pieces: list[bytes]) -> None:
    written: list[bytes] = []
    sums = sealing.seal(pieces, written.append, [KEYS.age])
    plain, stored = b"".join(pieces), b"".join(written)
    assert unsealed(stored, KEYS.age_secret) == plain
    for counted, data in ((sums.plain, plain), (sums.stored, stored)):
        assert (counted.size, counted.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert sums.stored.crc == zlib.crc32(stored)


def test_sums_of_buffers_that_are_used_again() -> None:
    plain = content(9 * MIB + 5)
    sums = sealing.seal(streams.pieces(io.BytesIO(plain).readinto, len(plain)), len, [KEYS.age])
    assert sums.plain.sha256 == hashlib.sha256(plain).hexdigest()


def test_no_sealed_file_is_larger_than_foretold() -> None:
    recipients = [KEYS.age, OTHER.age, *(identity.generate().age for _ in range(8))]
    largest = 0
    for number in range(3000):
        count = 1 + number % len(recipients)
        size = sealing.seal([b"x" * (number % 3)], len, recipients[:count]).stored.size
        bound = sealing.sealed_size_bound(number % 3, count)
        assert bound - KIB <= size <= bound
        largest = max(largest, size - bound + KIB)
    assert largest < KIB // 2  # the allowance for chance is generous: more than twice what it was ever seen to be
    for plain in SIZES:
        assert len(sealed(content(plain))) <= sealing.sealed_size_bound(plain, 2)


def test_a_header_for_all_the_recipients_there_may_be_is_fair() -> None:
    recipients = [*(identity.generate().age for _ in range(LIMITS.recipients - 1)), KEYS.age]
    for _ in range(50):
        assert unsealed(sealed(b"x", tuple(recipients)), KEYS.age_secret) == b"x"


# --- what was changed does not ------------------------------------------------------------------------------------


def test_another_key_does_not_open() -> None:
    for identities in ((THIRD.age_secret,), ()):
        with pytest.raises(NotForUs):
            unsealed(sealed(b"secret"), *identities)
        with pytest.raises(NotForUs):
            read_through(sealed(b"secret"), *identities)


def test_a_cut_at_any_place_is_noticed_before_the_end() -> None:
    plain = content(3 * CHUNK + 100)
    data = sealed(plain)
    body = len(data) - len(plain) - 4 * 16
    cuts = [*range(0, body, 7), *(body + number * (CHUNK + 16) for number in range(4)), len(data) - 1]
    for cut in cuts:
        for read in (unsealed, read_through):
            with pytest.raises(SealBroken):
                read(data[:cut], KEYS.age_secret)
    with pytest.raises(SealBroken):
        unsealed(data + b"x", KEYS.age_secret)


def test_a_flipped_bit_anywhere_is_noticed() -> None:
    data = sealed(content(3000), (KEYS.age,))
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        with pytest.raises(SealError):
            unsealed(bytes(changed), KEYS.age_secret)


def test_chunks_in_another_order_are_noticed() -> None:
    plain = content(3 * CHUNK)
    data = sealed(plain)
    start = len(data) - 3 * (CHUNK + 16)
    chunks = [data[start + number * (CHUNK + 16) :][: CHUNK + 16] for number in range(3)]
    for order in ((1, 0, 2), (0, 2), (0, 1, 1, 2), (2,)):
        with pytest.raises(SealBroken):
            unsealed(data[:start] + b"".join(chunks[number] for number in order), KEYS.age_secret)


HOSTILE = {
    "no age": b"hello" * 10_000,
    "endless header": b"age-encryption.org/v1\n" + b"-> a\n\n" * 2_000_000,
    "many stanzas": b"age-encryption.org/v1\n" + b"-> a\n\n" * 1500 + b"--- " + b"A" * 43 + b"\n" + bytes(99),
    "one long line": b"age-encryption.org/v1\n-> " + b"a" * 10_000_000,
    "passphrase": b"age-encryption.org/v1\n-> scrypt "
    + b"A" * 22
    + b" 30\n"
    + b"A" * 43
    + b"\n--- "
    + b"A" * 43
    + b"\n",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_headers_cost_little(what: str) -> None:
    start = time.perf_counter()
    with pytest.raises(SealError):
        unsealed(HOSTILE[what], KEYS.age_secret)
    assert time.perf_counter() - start < 5


@given(st.binary(max_size=300), st.booleans())
def test_noise_never_opens(noise: bytes, begun: bool) -> None:
    with pytest.raises(SealError):
        unsealed(b"age-encryption.org/v1\n" * begun + noise, KEYS.age_secret)


def test_nobody_to_seal_to() -> None:
    for recipients in ((), ("age1nonsense",), (KEYS.age_secret,)):
        with pytest.raises(ValueError, match=r"recipient|nobody"):
            sealed(b"x", recipients)


# --- faults of our own side come out as they are ------------------------------------------------------------------


class Faulty(io.BytesIO):
    """A drive that stops answering."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= 2 * MIB:
            raise OSError(5, "input/output error")
        return super().read(size)


def failing(problem: Exception, after: int) -> Iterator[bytes]:
    for _ in range(after):
        yield bytes(MIB)
    raise problem


@pytest.mark.parametrize("problem", [OSError(5, "drive"), Cancelled(), RuntimeError("bug")])
def test_what_the_source_raises(problem: Exception) -> None:
    for after in (0, 3):
        with pytest.raises(type(problem)) as caught:
            sealing.seal(failing(problem, after), len, [KEYS.age])
        assert caught.value is problem
    with pytest.raises(type(problem)) as caught:
        sealing.unseal(failing(problem, 0), len, [KEYS.age_secret])
    assert caught.value is problem


@pytest.mark.parametrize("problem", [OSError(28, "no space"), Cancelled(), RuntimeError("bug")])
def test_what_the_sink_raises(problem: Exception) -> None:
    def full(piece: bytes) -> None:
        raise problem

    for size in (10, 3 * MIB):
        with pytest.raises(type(problem)) as caught:
            sealing.seal([bytes(size)], full, [KEYS.age])
        assert caught.value is problem
        with pytest.raises(type(problem)) as caught:
            sealing.unseal([sealed(bytes(size))], full, [KEYS.age_secret])
        assert caught.value is problem


def test_a_drive_that_stops_answering_while_it_is_read() -> None:
    with sealing.opened(Faulty(sealed(content(5 * MIB))), [KEYS.age_secret]) as stream:
        with pytest.raises(OSError, match="input/output"):
            stream.read()
        with pytest.raises(OSError, match="input/output"):
            stream.read(1)


# --- the thread that reads ahead ----------------------------------------------------------------------------------


def unsealing_threads() -> int:
    return sum(thread.name == "unsealing" for thread in threading.enumerate())


def test_no_thread_outlives_its_stream() -> None:
    data = sealed(content(20 * MIB))
    for read in (0, 1, MIB + 1, len(data)):
        source = io.BytesIO(data)
        stream = sealing.opened(source, [KEYS.age_secret])
        assert len(stream.read(read)) == min(read, 20 * MIB)
        stream.close()
        assert unsealing_threads() == 0
        assert source.closed
        stream.close()
    forgotten = sealing.opened(io.BytesIO(data), [KEYS.age_secret])
    forgotten.read(1)
    assert unsealing_threads() == 1
    del forgotten
    gc.collect()
    assert unsealing_threads() == 0


def test_two_streams_at_once_and_any_size_of_reading() -> None:
    plain = content(2 * MIB + 5)
    data, chance = sealed(plain), random.Random(3)
    streams_open = [sealing.opened(io.BytesIO(data), [KEYS.age_secret]) for _ in range(2)]
    found: list[list[bytes]] = [[], []]
    while True:
        turn = chance.randrange(2)
        piece = streams_open[turn].read(chance.choice((1, 1000, CHUNK, MIB + 1)))
        found[turn].append(piece)
        if not piece and b"".join(found[1 - turn]) == plain:
            break
    assert [b"".join(parts) for parts in found] == [plain, plain]
    for stream in streams_open:
        stream.close()


class Endless(io.RawIOBase):
    """``size`` zero bytes, without holding them."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        read = min(len(buffer), self.left)
        self.left -= read
        return read


def test_memory_stays_flat(tmp_path: Path) -> None:
    path, size = tmp_path / "sealed", 64 * MIB
    tracemalloc.start()
    with open(path, "wb") as stream:
        sealing.seal(streams.pieces(Endless(size).readinto, size), stream.write, [KEYS.age])
    with sealing.opened(open(path, "rb"), [KEYS.age_secret]) as plain:
        assert sum(map(len, iter(lambda: plain.read(MIB), b""))) == size
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * MIB


# --- passphrases --------------------------------------------------------------------------------------------------

CHEAP = 10


def wrapped(passphrase: str = "mật khẩu dài", text: str = KEYS.age_secret) -> bytes:
    return sealing.passphrase_wrap(text, passphrase, CHEAP)


def test_a_passphrase_opens_what_it_closed() -> None:
    assert sealing.passphrase_open(wrapped(), "mật khẩu dài") == KEYS.age_secret
    assert sealing.passphrase_open(wrapped("mật khẩu"), "mật khẩu") == KEYS.age_secret
    assert opened_by_hand(wrapped(), passphrase="mật khẩu dài") == KEYS.age_secret.encode()
    assert pyrage.passphrase.decrypt(wrapped(), "mật khẩu dài") == KEYS.age_secret.encode()
    assert wrapped() != wrapped()
    assert KEYS.age_secret.encode() not in wrapped()
    with pytest.raises(WrongPassphrase):
        sealing.passphrase_open(wrapped(), "mật khẩu dàj")
    for text, passphrase in (("", "x"), ("x", ""), ("x" * (CHUNK + 1), "x")):
        with pytest.raises(ValueError, match="passphrase"):
            sealing.passphrase_wrap(text, passphrase, CHEAP)


def test_the_price_of_a_guess_is_that_of_the_age_tool() -> None:
    """Not the computer's speed: what a fast one writes, an old one must be able to open."""
    data = sealing.passphrase_wrap(KEYS.age_secret, "mật khẩu")
    assert data.split(b"\n")[1].split(b" ")[3] == b"18"
    assert sealing.passphrase_open(data, "mật khẩu") == KEYS.age_secret


def test_a_passphrase_counts_however_it_was_typed() -> None:
    composed, decomposed = "m\u1eadt kh\u1ea9u", "ma\u0323\u0302t kha\u0302\u0309u"
    assert sealing.passphrase_open(wrapped(decomposed), composed) == KEYS.age_secret
    assert sealing.passphrase_open(wrapped(composed), decomposed) == KEYS.age_secret


def test_dear_work_is_refused_before_it_is_done() -> None:
    data = wrapped()
    for log_n in (b"21", b"30", b"99"):
        start = time.perf_counter()
        with pytest.raises(TooCostly):
            sealing.passphrase_open(data.replace(b" 10\n", b" " + log_n + b"\n"), "mật khẩu dài")
        assert time.perf_counter() - start < 0.5
    with pytest.raises(TooCostly):
        sealing.passphrase_open(data, "mật khẩu dài", max_log_n=9)
    for log_n in (b"010", b"0", b"-1", b"1e1", b"100"):
        with pytest.raises(SealBroken):
            sealing.passphrase_open(data.replace(b" 10\n", b" " + log_n + b"\n"), "mật khẩu dài")


def test_every_bit_under_a_passphrase_counts() -> None:
    data = sealing.passphrase_wrap("AGE-SECRET", "x", 2)
    for at in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            with pytest.raises(SealError):
                sealing.passphrase_open(bytes(changed), "x")
    for cut in range(len(data)):
        with pytest.raises(SealError):
            sealing.passphrase_open(data[:cut], "x")
    with pytest.raises(SealError):
        sealing.passphrase_open(data + b"x", "x")
