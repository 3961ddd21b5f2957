"""The sign of the project, a small mask, and the line at the foot of every page.

It is drawn here, so nothing is fetched.
"""

FOOTER = "Each figure is of one test set with one seed: a demonstration, not a benchmark."

ACCENT = "#6E67F5"
"""Between the accents of the light and the dark theme: stands out on both."""


def icon() -> str:
    """The sign as a square SVG."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" '
        f'viewBox="0 0 32 32">{_cells()}</svg>'
    )


def logo() -> str:
    """The sign and the name as an SVG line."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="164" height="32" viewBox="0 0 164 32">'
        f'{_cells()}<text x="42" y="23" font-family="Source Sans Pro, Arial, sans-serif" '
        f'font-size="21" font-weight="700" fill="{ACCENT}">Prunescope</text></svg>'
    )


def _cells() -> str:
    filled = f'fill="{ACCENT}"'
    hollow = f'fill="none" stroke="{ACCENT}" stroke-opacity="0.55" stroke-width="1.5"'
    return "".join(
        f'<rect x="{2 + 10 * (i % 3)}" y="{2 + 10 * (i // 3)}" width="8" height="8" rx="2" '
        f"{filled if kept else hollow}/>"
        for i, kept in enumerate((1, 1, 0, 0, 1, 1, 1, 0, 1))
    )
