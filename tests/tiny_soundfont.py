"""Writes small SoundFonts of pure tones, so that tests know what must come out."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

RATE = 44_100
PERIODS, PER_PERIOD = 50, 100  # a loop of whole periods: 441 Hz as recorded
ROOT = 69


def sine(n_periods: int = PERIODS, per_period: int = PER_PERIOD) -> np.ndarray:
    """Return a sine at half of full scale, int16."""
    time = np.arange(n_periods * per_period) / per_period
    return np.rint(16_384 * np.sin(2 * np.pi * time)).astype("<i2")


def chunk(name: str, content: bytes) -> bytes:
    return (
        name.encode()
        + struct.pack("<I", len(content))
        + content
        + b"\0" * (len(content) % 2)
    )


def write_soundfont(
    path: Path,
    zones: Sequence[Mapping[int, int]],
    *,
    shared: Mapping[int, int] | None = None,
    preset: Mapping[int, int] | None = None,
    bank: int = 0,
    sample: np.ndarray | None = None,
    modulators: Sequence[tuple[int, int, int]] = (),
) -> Path:
    """Write a SoundFont of one preset with one instrument and one looped sample.

    Args:
        path: the file.
        zones: generators of each instrument zone, number to amount; the sample is
            added. Ranges are `low | high << 8`.
        shared: generators of the instrument's global zone.
        preset: generators of the preset's zone.
        bank: 0, or 128 for drums.
        sample: int16; the whole of it is the loop. A sine by default.
        modulators: (source, target, amount) of the first instrument zone.
    """
    sample = sine() if sample is None else sample
    record = struct.Struct("<Hh").pack
    igen, ibag, imod = b"", b"", b""
    all_zones = ([dict(shared)] if shared else []) + [{**z, 53: 0} for z in zones]
    for number, zone in enumerate(all_zones):
        ibag += struct.pack("<HH", len(igen) // 4, len(imod) // 10)
        if number == bool(shared):
            imod += b"".join(struct.pack("<HHhHH", *m, 0, 0) for m in modulators)
        for kind, amount in zone.items():
            wrapped = amount - 65_536 if amount > 32_767 else amount
            igen += record(kind, wrapped)
    ibag += struct.pack("<HH", len(igen) // 4, len(imod) // 10)
    pgen = b"".join(record(k, v) for k, v in {**(preset or {}), 41: 0}.items())
    header = struct.Struct("<20sHHHIII").pack
    # 46 empty samples follow a recording, as the specification asks
    n, data = len(sample), sample.tobytes() + b"\0" * 92
    sample_header = struct.Struct("<20sIIIIIBbHH").pack
    tables = {
        "phdr": header(b"Tone", 0, bank, 0, 0, 0, 0) + header(b"EOP", 0, 0, 1, 0, 0, 0),
        "pbag": struct.pack("<HHHH", 0, 0, len(pgen) // 4, 0),
        "pmod": bytes(10),
        "pgen": pgen + bytes(4),
        "inst": struct.pack("<20sH20sH", b"Tone", 0, b"EOI", len(ibag) // 4 - 1),
        "ibag": ibag,
        "imod": imod + bytes(10),
        "igen": igen + bytes(4),
        "shdr": sample_header(b"sine", 0, n, 0, n, RATE, ROOT, 0, 0, 1)
        + sample_header(b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    lists = (
        ("INFO", chunk("ifil", struct.pack("<HH", 2, 1))),
        ("sdta", chunk("smpl", data)),
        ("pdta", b"".join(chunk(name, table) for name, table in tables.items())),
    )
    content = b"".join(chunk("LIST", name.encode() + body) for name, body in lists)
    path.write_bytes(chunk("RIFF", b"sfbk" + content))
    return path
