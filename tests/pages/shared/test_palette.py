"""Colours are told apart by everyone, on white and on black."""

import itertools
import tomllib

import numpy as np
import pytest

from pages.shared.palette import (
    ACHIEVED,
    AGREES,
    ALGORITHMS,
    DIFFERS,
    FORMS,
    FORMS_SENT,
    GATES,
    HEAT,
    KEPT,
    LINK_PARTS,
    METHODS,
    NEGATIVE,
    PLANNED,
    RIVALS,
    SPLITS,
    WATERFALL,
)

DEFICIENCIES = {
    # severity 1.0 of Machado, Oliveira and Fernandes (2009), for linear RGB
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(colour, ground):
    light, dark = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (colour, ground))[::-1]
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("deficiency", ["none", *DEFICIENCIES])
def test_paper_methods_differ_for_every_eye(deficiency):
    matrix = np.array(DEFICIENCIES.get(deficiency, np.eye(3)))
    seen = {m: lab(matrix @ linear(METHODS[m].colour)) for m in ("weight", "unit", "hybrid")}
    for one, other in itertools.combinations(seen.values(), 2):
        assert np.linalg.norm(one - other) > 20


@pytest.mark.parametrize("deficiency", ["none", *DEFICIENCIES])
def test_a_schedule_and_its_rivals_differ_for_every_eye(deficiency):
    matrix = np.array(DEFICIENCIES.get(deficiency, np.eye(3)))
    names = ("one-shot", "schedule", "unpruned")
    seen = [lab(matrix @ linear(RIVALS[name].colour)) for name in names]
    seen.append(lab(matrix @ linear(PLANNED.colour)))
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(one - other) > 15


@pytest.mark.parametrize("deficiency", ["none", *DEFICIENCIES])
def test_zeroed_and_removed_differ_for_every_eye_and_in_grey(deficiency):
    matrix = np.array(DEFICIENCIES.get(deficiency, np.eye(3)))
    zeroed, removed = (lab(matrix @ linear(look.colour)) for look in FORMS.values())
    assert np.linalg.norm(zeroed - removed) > 12
    assert len({look.symbol for look in FORMS.values()}) == len(FORMS)


@pytest.mark.parametrize("deficiency", ["none", *DEFICIENCIES])
@pytest.mark.parametrize("pair", [(KEPT, NEGATIVE), (AGREES, DIFFERS)])
def test_signs_and_answers_differ_for_every_eye(deficiency, pair):
    matrix = np.array(DEFICIENCIES.get(deficiency, np.eye(3)))
    one, other = (lab(matrix @ linear(colour)) for colour in pair)
    assert np.linalg.norm(one - other) > 20


def test_white_figures_are_readable_on_what_they_stand_on():
    for colour in (WATERFALL, AGREES, DIFFERS, *(stop for _, stop in HEAT)):
        assert contrast("#FFFFFF", colour) >= 3.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_line_stands_out_from_the_page(theme, project):
    config = tomllib.loads((project / ".streamlit" / "config.toml").read_text())
    ground = config["theme"][theme]["backgroundColor"]
    for look in (
        *METHODS.values(),
        *SPLITS.values(),
        *RIVALS.values(),
        *ALGORITHMS.values(),
        *LINK_PARTS.values(),
        *FORMS_SENT.values(),
        *GATES.values(),
        PLANNED,
        ACHIEVED,
        *FORMS.values(),
    ):
        assert contrast(look.colour, ground) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_in_both_themes(theme, project):
    colours = tomllib.loads((project / ".streamlit" / "config.toml").read_text())["theme"][theme]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(colours["textColor"], colours[ground]) >= 7
        assert contrast(colours["linkColor"], colours[ground]) >= 4.5
    assert contrast("#FFFFFF", colours["primaryColor"]) >= 4


@pytest.mark.parametrize("looks", [METHODS, RIVALS, ALGORITHMS, FORMS_SENT, GATES])
def test_no_two_of_a_chart_share_dash_and_marker(looks):
    marks = [(look.dash, look.symbol) for look in looks.values()]
    assert len(set(marks)) == len(marks)


def test_the_theme_names_the_method_colours_in_their_order(project):
    config = tomllib.loads((project / ".streamlit" / "config.toml").read_text())
    expected = [look.colour for name, look in METHODS.items() if name != "baseline"]
    for theme in ("light", "dark"):
        assert config["theme"][theme]["chartCategoricalColors"] == expected
