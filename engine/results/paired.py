"""Two networks on the same images: what one loses against the other, and how sure that is.

Two intervals of two accuracies overlap long after the difference is plain, because both networks
fail at the same hard images. Only the images count on which exactly one of the two is right.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, IntArray, LabelArray
from engine.results.intervals import paired_interval

TOLERANCE = 0.01
"""One point of accuracy: what a network may lose and still count as nearly free."""

SLACK = 1e-9
"""Losing 0.01 of accuracy must pass a limit of 0.01, whatever floats make of it."""


@dataclass(frozen=True, slots=True)
class Paired:
    """A network's answers to some images beside those of its baseline.

    Attributes:
        images: how many there were.
        right: images that the network answers right.
        lost: images that only the baseline answers right.
        gained: images that only the network answers right.
    """

    images: int
    right: int
    lost: int
    gained: int

    @property
    def accuracy(self) -> float:
        """Share of the images that the network answers right."""
        return self.right / self.images

    @property
    def baseline(self) -> float:
        """Share of the images that the baseline answers right."""
        return (self.right + self.lost - self.gained) / self.images

    @property
    def loss(self) -> float:
        """What the network loses against its baseline, as a share; below zero where it gains."""
        return (self.lost - self.gained) / self.images

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of `loss`."""
        return paired_interval(self.images, self.lost, self.gained)

    @property
    def p_value(self) -> float:
        """How often chance alone would divide the differing images as unequally, or more.

        Source: McNemar (1947), Psychometrika 12, in its exact form: a two-sided binomial test of
        `lost` out of ``lost + gained``.
        """
        differing, fewer = self.lost + self.gained, min(self.lost, self.gained)
        terms = (math.comb(differing, k) for k in range(fewer + 1))
        return float(min(1.0, 2 * sum(terms) / 2**differing))

    @property
    def sentence(self) -> str:
        """What a choice by these images rests on."""
        text = in_words(self.images, self.loss, self.interval)
        return f"{text[:1].upper()}{text[1:]}."

    def tells(self, tolerance: float) -> bool:
        """Whether an image is worth no more than what may be lost; too few images tell nothing."""
        return tells(self.images, tolerance)


def tells(images: float, tolerance: float) -> bool:
    """Whether one of so many images is worth at most `tolerance`, a share."""
    return images * tolerance >= 1 - SLACK


def worth(images: float) -> str:
    """Points of accuracy that one of so many images is worth."""
    points = 100 / images
    return f"{points:.2g}" if points < 100 else "100"


def too_few(images: float, tolerance: float) -> str:
    """Why so few images choose nothing, in a sentence."""
    return (
        f"{images:,.0f} validation images cannot choose: one is worth {worth(images)} points, "
        f"more than the {100 * tolerance:g} that may be lost; it takes {math.ceil(1 / tolerance)}"
    )


def in_words(images: float, loss: float, interval: tuple[float, float]) -> str:
    """What a choice rests on, as half a sentence."""
    low, high = (100 * end for end in interval)
    verb = "loses" if loss >= 0 else "gains"
    return (
        f"on {images:,.0f} validation images it {verb} {abs(100 * loss):.2f} points "
        f"(95 %: a loss of {low:.2f} to {high:.2f})"
    )


def paired(answers: IntArray, labels: LabelArray, baseline: BoolArray) -> Paired:
    """Compare answers ``(n,)`` with where the baseline is right ``(n,)``, on the same images."""
    right: npt.NDArray[np.bool_] = np.asarray(answers == labels)
    return Paired(
        images=len(labels),
        right=int(right.sum()),
        lost=int((baseline & ~right).sum()),
        gained=int((right & ~baseline).sum()),
    )
