"""Small grids of numbers as SVG, readable on both themes; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.shared.palette import METHODS

WIDTH, HEIGHT, GAP = 64, 38, 5
MUTED = "#808792"
FONT = "font-family='Source Sans Pro, Arial, sans-serif'"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a box.

    Attributes:
        text: what stands in it.
        colour: of the box; empty is a dashed box without a number that counts.
        note: small text in its corner, such as a rank.
        marked: whether it has a frame.
    """

    text: str
    colour: str = METHODS["weight"].colour
    note: str = ""
    marked: bool = False


Row = tuple[str, Sequence[Cell | None]]
"""A label and its cells; None leaves a place free."""


def grid(rows: Sequence[Row], *, label_width: int = 90, heads: Sequence[str] = ()) -> str:
    """The rows below each other, with a head above each column, as an SVG."""
    columns = max((len(cells) for _, cells in rows), default=0)
    top = 26 if heads else 4
    width = label_width + columns * (WIDTH + GAP) + 4
    height = top + len(rows) * (HEIGHT + GAP) + 4
    parts = [_text(_x(i, label_width) + WIDTH / 2, 16, head) for i, head in enumerate(heads)]
    for number, (label, cells) in enumerate(rows):
        y = top + number * (HEIGHT + GAP)
        parts.append(_text(label_width - 10, y + HEIGHT / 2 + 5, label, anchor="end"))
        parts += [_cell(_x(i, label_width), y, cell) for i, cell in enumerate(cells) if cell]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{"".join(parts)}</svg>'
    )


def _x(column: int, label_width: int) -> int:
    return label_width + column * (WIDTH + GAP)


def _cell(x: float, y: float, cell: Cell) -> str:
    outline = f'x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6"'
    if cell.colour:
        box = f'<rect {outline} fill="{cell.colour}"/>'
        ink = "#FFFFFF"
    else:
        box = f'<rect {outline} fill="none" stroke="{MUTED}" stroke-dasharray="3 3"/>'
        ink = MUTED
    frame = (
        f'<rect {outline} fill="none" stroke="#E0A100" stroke-width="3.5"/>' if cell.marked else ""
    )
    note = _text(x + WIDTH - 5, y + 12, cell.note, anchor="end", size=11, ink=ink)
    return box + frame + _text(x + WIDTH / 2, y + HEIGHT / 2 + 6, cell.text, ink=ink) + note


def _text(
    x: float, y: float, text: str, *, anchor: str = "middle", size: int = 16, ink: str = MUTED
) -> str:
    if not text:
        return ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{ink}" '
        f"{FONT}>{text}</text>"
    )
