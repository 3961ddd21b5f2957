import re

import pytest

from engine.datasets import describe
from engine.settings import ScheduleSettings, SweepSettings, TrainSettings, paper_sweep, to_json
from pages.shared import kinds, words
from pages.shared.notices import plain
from pages.sweep import table
from pages.sweep.words import headlines
from tests.pages import fabricated

POINTS = fabricated.points(SweepSettings())


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (TrainSettings(), "MNIST, 1000-1000-500-200, 3 epochs"),
        (TrainSettings(hidden=(30,), epochs=1, seed=7), "MNIST, 30, 1 epoch, seed 7"),
        (TrainSettings(network="guide-cnn"), "MNIST, Guide CNN, 3 epochs"),
        (
            paper_sweep(dataset="fashion-mnist"),
            "Fashion-MNIST, 1000-1000-500-200, 50 epochs; weight, unit at 9 K, biases pruned",
        ),
        (
            ScheduleSettings(target=0.97, unit_sparsity=0.5, layers=(1, 2), seed=3),
            (
                "MNIST, 1000-1000-500-200, 3 epochs; polynomial to K = 97 % in 2 epochs, 50 % of "
                "units removed first, layers 1, 2, seed 3"
            ),
        ),
        (
            ScheduleSettings(start="scratch", schedule="constant", block=(4, 1)),
            (
                "MNIST, 1000-1000-500-200 from scratch; constant to K = 90 % in blocks of 4x1 in 2 "
                "epochs"
            ),
        ),
        (
            ScheduleSettings(pattern="2:4", target=0.5, fine_tune_epochs=1),
            "MNIST, 1000-1000-500-200, 3 epochs; 2:4 in 1 epoch",
        ),
        (
            ScheduleSettings(rule="unpruned"),
            "MNIST, 1000-1000-500-200, 3 epochs; 2 epochs more without pruning",
        ),
        (
            ScheduleSettings(rule="small"),
            (
                "MNIST, a small network instead of 1000-1000-500-200 from scratch; as many "
                "parameters as K = 90 % keeps, 5 epochs"
            ),
        ),
    ],
)
def test_settings_are_described_in_a_line(settings, line):
    assert kinds.described_settings(settings.kind, to_json(settings)) == line


def test_the_network_is_counted_before_it_exists():
    data = describe("mnist")
    assert "2,388,710 parameters" in words.expected(TrainSettings(), data)
    assert "20,410 parameters" in words.expected(TrainSettings(network="guide-cnn"), data)
    assert "downloads about 30.88 MB" in words.expected(
        TrainSettings.of(dataset="fashion-mnist"), describe("fashion-mnist")
    )


@pytest.mark.parametrize(
    ("value", "text"), [(0.2, "1 s"), (12.4, "12 s"), (100, "2 min"), (7200, "2.0 h")]
)
def test_durations_are_short(value, text):
    assert words.seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.06261, "0.0626"), (None, "diverged"), (float("nan"), "diverged")]
)
def test_a_loss_that_is_no_number_is_named(value, text):
    assert words.loss(value) == text


def test_time_passed_is_short():
    assert [words.ago(s) for s in (3, 120, 90_000, 200_000)] == [
        "just now",
        "2 min ago",
        "1 day ago",
        "2 days ago",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://example.org)",
        "[x](y)",
        "<script>",
        ":red[x]",
        "$x$",
        "`x`",
        "**x**",
        "# x",
        "a\n\n# b",
        "www.example.org",
        "Example@example.org",
    ],
)
def test_text_of_people_loses_every_power_of_markdown(text):
    shown = plain(text)
    assert "\n" not in shown
    assert shown.replace("\\", "").replace("\N{WORD JOINER}", "") == text.replace("\n", " ")
    bare = shown
    for character in "*_[]<>$:#`!":
        bare = bare.replace("\\" + character, "")
    assert not set(bare) & set("*_[]<>$:#`!")
    assert not re.search(r"www\.|://|\w@", shown, re.IGNORECASE)


def test_the_csv_holds_every_point_and_every_size():
    lines = table.csv(POINTS).decode().splitlines()
    assert len(lines) == len(POINTS) + 1
    for column in ("method", "sparsity", "bytes_tflite_dynamic_zip", "removed_bytes_keras"):
        assert column in lines[0].split(",")


def test_headlines_name_the_highest_nearly_free_sparsity():
    found = headlines(POINTS[0], POINTS[1:])
    assert [line.value for line in found] == [
        "97.95 %",
        "K = 80 %",
        "K = 60 %",
        "K = 70 %",
        "4.0× smaller",
    ]


def test_headlines_leave_out_what_was_not_measured():
    bare = fabricated.points(SweepSettings(methods=("unit",), sparsities=(0.99,)), files=False)
    assert [line.label for line in headlines(bare[0], bare[1:])] == ["Unpruned network"]
