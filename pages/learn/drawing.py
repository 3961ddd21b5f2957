"""Small grids of numbers as SVG, readable on both themes; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.lessons import steps, toy_round, zeros
from engine.lessons.steps import Pruned
from pages.shared.palette import METHODS, run_style

WIDTH, HEIGHT, GAP = 64, 38, 5
LABEL_WIDTH = 90
MUTED, MASK = "#808792", "#6E67F5"
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
    colour: str
    note: str = ""
    marked: bool = False


def kernel(found: Pruned, way: str, step: str) -> str:
    """The kernel pruned by hand after a step, with the norm of each column below."""
    reached, colour = steps.STEPS.index(step), METHODS[way].colour
    removed = step == "remove" and way == "unit"
    columns = [unit for unit in range(4) if not (removed and found.gone[0, unit])]

    def cell(row: int, unit: int) -> Cell:
        gone = bool(found.gone[row, unit])
        note = str(found.ranks[row, unit]) if way == "weight" and reached >= 1 else ""
        if gone and reached >= 3:
            return Cell("0", "", note)
        text = f"{steps.KERNEL[row, unit]:.1f}"
        return Cell(text, colour, note, marked=gone and reached == 2)

    def norm(unit: int) -> Cell:
        rank = str(found.ranks[unit]) if reached >= 1 else ""
        marked = bool(found.gone[0, unit]) and reached == 2
        return Cell(f"{found.norms[unit]:.2f}", METHODS["baseline"].colour, rank, marked=marked)

    rows = [(f"input {i + 1}", [cell(i, unit) for unit in columns]) for i in range(5)]
    if way == "unit" and not removed:
        rows.append(("L2 norm", [norm(unit) for unit in columns]))
    return _grid(rows, heads=[f"unit {unit + 1}" for unit in columns])


def bytes_of(numbers: Sequence[float]) -> str:
    """Numbers, and below each its four bytes."""
    colours = [METHODS["weight"].colour if number else "" for number in numbers]
    texts = {"number": [f"{number:g}" for number in numbers]}
    parts = zip(*(zeros.as_bytes(number).split() for number in numbers), strict=True)
    texts |= {f"byte {i + 1}": list(part) for i, part in enumerate(parts)}
    return _grid([(label, list(map(Cell, row, colours))) for label, row in texts.items()])


def federated_round(step: str) -> str:
    """Server, clients and the number of keepers after a step; what it has changed is framed."""
    scenes = toy_round.scenes()
    scene = scenes[step]
    before = scenes[toy_round.STEPS[max(toy_round.STEPS.index(step) - 1, 0)]]
    grey, moved = METHODS["baseline"].colour, (scene.server != before.server).tolist()
    server = zip(scene.server, moved, strict=True)
    rows = [("server", [Cell(f"{weight:.2f}", grey, marked=mark) for weight, mark in server])]
    dropped = (scene.kept != before.kept).tolist()
    for number, name in enumerate(toy_round.CLIENTS):
        colour = MASK if step == "start" else run_style(number).colour
        cells = []
        for index, kept in enumerate(scene.kept[number]):
            if step == "start":
                text = "keeps" if kept else ""
            else:
                text = f"{scene.clients[number, index]:.2f}" if kept else "0"
            cells.append(Cell(text, colour if kept else "", marked=dropped[number][index]))
        rows.append((f"client {name}", cells))
    rows.append(("kept by", [Cell(f"{count} of 3", "") for count in scene.keepers]))
    return _grid(rows, heads=[f"w{i + 1}" for i in range(len(scene.server))])


def _grid(rows: Sequence[tuple[str, Sequence[Cell]]], *, heads: Sequence[str] = ()) -> str:
    """Labelled rows of cells below each other, with a head above each column, as an SVG."""
    top = 26 if heads else 4
    width = LABEL_WIDTH + len(rows[0][1]) * (WIDTH + GAP) + 4
    height = top + len(rows) * (HEIGHT + GAP) + 4
    lefts = [LABEL_WIDTH + column * (WIDTH + GAP) for column in range(len(rows[0][1]))]
    parts = [_text(x + WIDTH / 2, 16, head) for x, head in zip(lefts, heads, strict=False)]
    for number, (label, cells) in enumerate(rows):
        y = top + number * (HEIGHT + GAP)
        parts.append(_text(LABEL_WIDTH - 10, y + HEIGHT / 2 + 5, label, anchor="end"))
        parts += [_box(x, y, cell) for x, cell in zip(lefts, cells, strict=True)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{"".join(parts)}</svg>'
    )


def _box(x: float, y: float, cell: Cell) -> str:
    outline = f'x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6"'
    ink = "#FFFFFF" if cell.colour else MUTED
    if cell.colour:
        box = f'<rect {outline} fill="{cell.colour}"/>'
    else:
        box = f'<rect {outline} fill="none" stroke="{MUTED}" stroke-dasharray="3 3"/>'
    if cell.marked:
        box += f'<rect {outline} fill="none" stroke="#E0A100" stroke-width="3.5"/>'
    number = _text(x + WIDTH / 2, y + HEIGHT / 2 + 6, cell.text, ink=ink)
    return box + number + _text(x + WIDTH - 5, y + 12, cell.note, anchor="end", size=11, ink=ink)


def _text(
    x: float, y: float, text: str, *, anchor: str = "middle", size: int = 16, ink: str = MUTED
) -> str:
    if not text:
        return ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{ink}" '
        f"{FONT}>{text}</text>"
    )
