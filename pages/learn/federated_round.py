"""One round of Sub-FedAvg, stepped by hand."""

import streamlit as st

from engine.lessons import toy_round as toy
from engine.lessons.toy_round import Scene
from pages.learn import frame
from pages.learn.drawing import Cell, Row, grid
from pages.learn.words import ROUND
from pages.shared.choices import one_of
from pages.shared.palette import METHODS, run_style


def show() -> None:
    """Server and clients after the chosen step."""
    with frame.piece("round"):
        step = one_of("Step", toy.STEPS, key="round", first="start")
        scene = toy.scenes()[step]
        st.markdown(f"**{ROUND[step].title}**  \n{ROUND[step].text}")
        st.image(draw(scene, step), alt=in_words(scene), width="content")
        st.caption(
            "Client A has images of 0 and 1, B of 1 and 2, C of 0 and 2. A dashed box is a weight "
            "that the client does not keep."
        )
    frame.lesson("round")


def draw(scene: Scene, step: str) -> str:
    """Server, clients and the number of keepers as an SVG."""
    before = toy.scenes()[toy.STEPS[max(toy.STEPS.index(step) - 1, 0)]]
    colour, both = METHODS["baseline"].colour, zip(scene.server, before.server, strict=True)
    server = [Cell(f"{now:.2f}", colour, marked=bool(now != was)) for now, was in both]
    rows: list[Row] = [("server", server)]
    for number, name in enumerate(toy.CLIENTS):
        masks = [Cell("keeps" if m else "", "#6E67F5" if m else "") for m in scene.kept[number]]
        cells = masks if step == "start" else _client(scene, before, number)
        rows.append((f"client {name}", cells))
    rows.append(("kept by", [Cell(f"{n} of 3", "") for n in scene.keepers]))
    return grid(rows, heads=[f"w{i + 1}" for i in range(len(scene.server))])


def in_words(scene: Scene) -> str:
    """The scene in words."""
    server = ", ".join(f"{weight:.2f}" for weight in scene.server)
    return (
        f"The server's weights are {server}; kept by {', '.join(map(str, scene.keepers))} clients."
    )


def _client(scene: Scene, before: Scene, number: int) -> list[Cell]:
    colour = run_style(number).colour
    return [
        Cell(f"{weight:.2f}" if kept else "0", colour if kept else "", marked=bool(kept != was))
        for weight, kept, was in zip(
            scene.clients[number], scene.kept[number], before.kept[number], strict=True
        )
    ]
