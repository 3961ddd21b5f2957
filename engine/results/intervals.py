"""95 % intervals of what was counted on images: of a share, and of a difference of two shares."""

import math

Z = 1.959964
"""The normal quantile of a two-sided 95 % interval."""


def wilson_interval(share: float, images: float) -> tuple[float, float]:
    """The interval of a share that was seen on so many images; all of 0 to 1 without any.

    Unlike the plain normal interval it stays inside 0 to 1 and is right near both ends.
    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22.
    """
    if images <= 0:
        return 0.0, 1.0
    squared = Z**2
    centre = (share + squared / (2 * images)) / (1 + squared / images)
    spread = math.sqrt(share * (1 - share) / images + squared / (4 * images**2))
    half = Z * spread / (1 + squared / images)
    return max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share))


def paired_interval(images: float, lost: float, gained: float) -> tuple[float, float]:
    """The interval of ``(lost - gained) / images``; counts may be means over seeds.

    Source: Agresti and Min (2005), "Simple improved confidence intervals for comparing matched
    proportions", Statistics in Medicine 24, section 3: Wald with half an image added to each of the
    four cells.

    Args:
        images: that two networks answered; without any the interval is all of -1 to 1.
        lost: those that only the first answers right.
        gained: those that only the second does.
    """
    if images <= 0:
        return -1.0, 1.0
    total, b, c = images + 2, lost + 0.5, gained + 0.5
    difference = (b - c) / total
    spread = Z * math.sqrt(max((b + c) - (b - c) ** 2 / total, 0.0)) / total
    return max(-1.0, difference - spread), min(1.0, difference + spread)
