"""Make the music that is heard on hold, ten seconds of it: `python -m tools.hold_music`.

Telephones carry 8,000 samples a second in mu-law, so that is what the file holds.
"""

import struct
from math import exp, pi, sin
from pathlib import Path

RATE, SECONDS = 8000, 10.0
BEAT = 0.625  # seconds; sixteen of them
# Steps of an arpeggio, in half tones above A3: four chords, four notes each.
NOTES = (0, 7, 12, 16, 5, 12, 17, 21, -3, 9, 12, 16, 7, 11, 14, 19)
PLACE = Path("static/sounds/hold.wav")
BIAS, CLIP = 0x84, 32635


def main() -> None:
    samples = bytes(_mu_law(_heard(number / RATE)) for number in range(int(RATE * SECONDS)))
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_bytes(_header(len(samples)) + samples)


def _heard(at: float) -> int:
    """Every note that still sounds at this moment; the last ones ring on into the beginning."""
    sum_of = 0.0
    for number, note in enumerate(NOTES):
        since = (at - number * BEAT) % SECONDS
        tone = 220.0 * 2 ** (note / 12)
        swell = min(1.0, since / 0.02) * exp(-since * 1.6)
        sum_of += swell * (sin(2 * pi * tone * since) + 0.25 * sin(4 * pi * tone * since))
    return int(sum_of * 5500)


def _mu_law(sample: int) -> int:
    """One sample of 16 bits as G.711 writes it."""
    sign = 0x80 if sample < 0 else 0
    level = min(abs(sample), CLIP) + BIAS
    exponent = max(0, level.bit_length() - 8)
    return ~(sign | exponent << 4 | (level >> (exponent + 3)) & 0x0F) & 0xFF


def _header(size: int) -> bytes:
    """RIFF with format 7 (mu-law), one channel of eight bits."""
    shape = struct.pack("<HHIIHHH", 7, 1, RATE, RATE, 1, 8, 0)
    fact = struct.pack("<4sII", b"fact", 4, size)
    chunks = b"WAVE" + struct.pack("<4sI", b"fmt ", len(shape)) + shape + fact
    data = struct.pack("<4sI", b"data", size)
    return struct.pack("<4sI", b"RIFF", len(chunks) + len(data) + size) + chunks + data


if __name__ == "__main__":
    main()
