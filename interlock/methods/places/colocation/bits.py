"""Sixty-four relabellings in a word: labels dealt out anew, and counted by adding bits.

Each point has a row of words; bit b of word w is its label in relabelling 64 w + b. What the labels of
two points have to do with each other is then one operation for 64 relabellings, and the sum over many
pairs is taken by carry-save adders, which turn three words of one weight into one of that weight and
one of twice that (the positional population count of W. Muła, N. Kurz, D. Lemire, "Faster Population
Counts Using AVX2 Instructions", Computer Journal 61, 2018). Exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from interlock.methods.places.colocation.irls import Booleans, Integers

Words = NDArray[np.uint64]

BITS = 64
# From so few rows on, bits are taken apart and added one by one.
_FEW = 64


def dealt(labels: Booleans, strata: Integers, rng: np.random.Generator, words: int) -> Words:
    """Deal the labels out anew within each stratum: a row a point, 64 relabellings a word.

    Every way of dealing is as likely: point by point, each is labelled with the chance of those
    labels left among those points left (selection sampling, C. T. Fan, M. E. Muller, I. Rezucha,
    1962; D. Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S), in all relabellings at once.

    >>> labels, strata = np.array([True, False, False]), np.array([0, 0, 1])
    >>> found = unpacked(dealt(labels, strata, np.random.default_rng(0), 1))
    >>> found.sum(axis=0).tolist() == [1] * 64, found[2].any()
    (True, np.False_)
    """
    many = words * BITS
    found = np.zeros((len(labels), words), np.uint64)
    order = np.argsort(strata, kind="stable")
    begins = np.flatnonzero(np.diff(strata[order], prepend=-1))
    for places in np.split(order, begins[1:]):
        left = np.full(many, float(labels[places].sum()))
        if not 0 < left[0] < len(places):
            found[places] = np.uint64(2**64 - 1) if left[0] else 0
            continue
        chosen = np.empty((min(len(places), _ROWS), many), np.bool_)
        for start in range(0, len(places), _ROWS):
            part = places[start : start + _ROWS]
            numbers = rng.random((len(part), many))
            for row in range(len(part)):
                numbers[row] *= len(places) - start - row
                np.less(numbers[row], left, out=chosen[row])
                left -= chosen[row]
            found[part] = packed(chosen[: len(part)])
    return found


# Points dealt to at once: their random numbers fit into 1 MB.
_ROWS = 256


def packed(bits: Booleans) -> Words:
    """Rows of 64 times so many bits as rows of so many words."""
    found: Words = np.packbits(bits, axis=1, bitorder="little").view("<u8").astype(np.uint64)
    return found


def unpacked(words: Words) -> NDArray[np.uint8]:
    """Rows of words as rows of bits, 0 or 1.

    >>> unpacked(np.array([[5]], np.uint64))[0, :4].tolist()
    [1, 0, 1, 0]
    """
    plain = np.ascontiguousarray(words.astype("<u8")).view(np.uint8)
    found: NDArray[np.uint8] = np.unpackbits(plain, axis=1, bitorder="little")
    return found


def column_sums(rows: Words) -> Integers:
    """How many rows have each bit set: 64 numbers a word. `rows` is used up.

    >>> column_sums(np.array([[3], [1], [1]], np.uint64))[:3].tolist()
    [3, 1, 0]
    """
    total = np.zeros(rows.shape[1] * BITS, np.int64)
    weight = 1
    while len(rows):
        carried = list[Words]()
        while len(rows) > _FEW:
            third = len(rows) // 3
            a, b, c = rows[:third], rows[third : 2 * third], rows[2 * third : 3 * third]
            # In place: `a` becomes the carry and `c` the sum, which lies next to the rest.
            differs = a ^ b
            a &= b
            np.bitwise_and(differs, c, out=b)
            a |= b
            c ^= differs
            carried.append(a)
            rows = rows[2 * third :]
        total += weight * unpacked(rows).sum(axis=0, dtype=np.int64)
        rows = np.concatenate(carried) if carried else rows[:0]
        weight *= 2
    return total
