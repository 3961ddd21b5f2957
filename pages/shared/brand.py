"""The sign of the project, and the line at the foot of every page; drawn, so nothing is fetched."""

FOOTER = "Each figure is of one test set with one seed: a demonstration, not a benchmark."

ACCENT = "#6E67F5"
"""Between the accents of the light and the dark theme: stands out on both."""

_KEPT = (1, 1, 0, 0, 1, 1, 1, 0, 1)


def icon(size: int = 32) -> str:
    """The sign as a square SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
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
    return "".join(_cell(i % 3, i // 3, kept=bool(kept)) for i, kept in enumerate(_KEPT))


def _cell(column: int, row: int, *, kept: bool) -> str:
    paint = (
        f'fill="{ACCENT}"'
        if kept
        else f'fill="none" stroke="{ACCENT}" stroke-opacity="0.55" stroke-width="1.5"'
    )
    return f'<rect x="{2 + 10 * column}" y="{2 + 10 * row}" width="8" height="8" rx="2" {paint}/>'
