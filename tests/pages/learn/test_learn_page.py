"""The page Learn: every piece, its state in the URL, and the links that lead to it."""

import xml.etree.ElementTree as ET

import pytest

from engine.lessons import steps, toy_round
from engine.lessons.guess import Break
from pages.learn import drawing
from pages.learn.links import EXPLAINS, PIECES
from pages.learn.pieces import verdict
from pages.learn.words import BY_HAND, CHARTS, ROUND
from tests.pages.conftest import charts

pytestmark = pytest.mark.usefixtures("mnist")


@pytest.mark.parametrize("piece", PIECES)
def test_every_piece_says_what_to_do_and_what_is_seen(visit, read, piece):
    page = visit("learn", piece=piece)
    assert not page.exception
    assert page.get_by_key("piece").value == piece
    assert "**Do:**" in read(page)
    assert ("**See:**" in read(page)) is (piece != "Guess")  # a guess comes before the answer


def test_the_way_through_the_pieces(visit):
    page = visit("learn")
    for piece in PIECES[1:]:
        next(b for b in page.button if b.label == piece).click().run()
        assert page.get_by_key("piece").value == piece
    assert not page.exception


def test_leaving_out_a_term_shows_what_is_left(visit):
    page = visit("learn", drop="5x²", reach="0.1")
    names = [trace["name"] for trace in charts(page)[CHARTS["polynomial"].alt]]
    assert names == ["x + 5x²", "what is left"]
    assert [metric.value for metric in page.metric][:2] == ["0.1", "0.05"]


def test_a_real_weight_can_be_tried(visit):
    page = visit("learn")
    page.slider(key="weight").set_value(100).run()
    large = abs(float(page.metric[2].value))
    page.slider(key="weight").set_value(1).run()
    assert abs(float(page.metric[2].value)) < large
    assert page.metric[3].value == "0"


def test_the_curve_is_hidden_until_it_is_revealed(visit, read):
    page = visit("learn", piece="Guess")
    assert charts(page)[CHARTS["guess"].alt] == []
    page.toggle(key="reveal").set_value(True).run()
    assert [trace["name"] for trace in charts(page)[CHARTS["guess"].alt]] == ["Weight"]
    assert "It holds at 80 % and breaks at 90 %" in read(page)


@pytest.mark.parametrize(
    ("guessed", "words"),
    [(0.9, "Right"), (0.5, "tougher than you thought"), (0.95, "broke before that")],
)
def test_a_guess_is_judged(guessed, words):
    assert words in verdict(Break(0.8, 0.9), guessed)
    assert "never breaks" in verdict(Break(0.99, None), guessed)


@pytest.mark.parametrize("bad", ["<script>", "0", "x" * 2000])
def test_a_piece_that_is_none_is_the_first(visit, bad):
    page = visit("learn", piece=bad)
    assert not page.exception
    assert page.get_by_key("piece").value == PIECES[0]


def test_the_drawings_are_whole_at_every_step():
    for step in steps.STEPS:
        for way in steps.WAYS:
            ET.fromstring(drawing.kernel(steps.pruned(way, 0.5), way, step))  # noqa: S314  # drawn here
            assert (step, way) in BY_HAND
    assert drawing.kernel(steps.pruned("unit", 0.5), "unit", "remove").count("<rect") == 10
    for step in toy_round.STEPS:
        ET.fromstring(drawing.federated_round(step))  # noqa: S314  # drawn here
        assert step in ROUND


@pytest.mark.parametrize("name", ["overview", "train", "sweep", "export", "runs"])
def test_every_page_links_to_the_piece_that_explains_it(visit, name):
    page = visit(name)
    links = [link.proto for link in page.get("page_link") if link.proto.label == "What is this?"]
    path = name.removesuffix(".py").replace("overview", "")
    assert len(links) == 1
    assert links[0].query_string.replace("+", " ").replace("%20", " ") == f"piece={EXPLAINS[path]}"


def test_only_pieces_that_exist_explain():
    assert set(EXPLAINS.values()) <= set(PIECES)
