import dataclasses
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.results.export_report import ExportReport
from engine.results.waterfall import waterfall
from engine.settings import VARIANTS, ExportSettings, ScheduleSettings
from pages.export import table
from pages.export import words as export_words
from pages.export.charts import goodness, heat, removal_bytes, removal_time, sizes
from pages.export.table import MEASURES
from pages.shared.kinds import KINDS
from pages.shared.words import VARIANT_TITLES, row_title, variant_label
from tests.pages import fabricated_export

SETTINGS = ExportSettings()
ROWS = {row.key: row for row in fabricated_export.rows(SETTINGS)}
CELLS = {cell.key: cell for cell in fabricated_export.cells(SETTINGS)}
MATRIX = ExportReport(ROWS, CELLS)
PAIRS = [
    (CELLS[f"unit-0.5.{variant}"], CELLS[f"unit-0.5-removed.{variant}"]) for variant in VARIANTS
]


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_the_matrix_colours_the_best_file_bluest_and_says_every_figure(measure):
    chart = heat(MATRIX, VARIANTS, measure)
    colours = [z for row in chart.data[0].z for z in row]
    values = [measure.value(cell) for cell in CELLS.values()]
    best = min(values) if measure.small_is_good else max(values)
    assert colours[values.index(best)] == max(colours) == 1
    assert [text.removesuffix("*") for text in chart.data[1].text] == [
        measure.text(cell) for cell in CELLS.values()
    ]
    assert chart.layout.xaxis.title.text == "TFLite file"


@pytest.mark.parametrize("cells", [{}, dict(list(CELLS.items())[:3])])
def test_the_matrix_can_be_drawn_before_all_files_are_made(cells):
    for measure in MEASURES.values():
        chart = heat(ExportReport(ROWS, cells), VARIANTS, measure)
        json.loads(chart.to_json())
        assert sum(text != "" for text in chart.data[1].text) == len(cells)


@given(st.lists(st.one_of(st.none(), st.floats(1e-3, 1e9)), max_size=12), st.booleans())
def test_goodness_keeps_the_order_and_knows_its_ends(values, small_is_good):
    found = goodness(values, small_is_good=small_is_good)
    pairs = [(v, g) for v, g in zip(values, found, strict=True) if v is not None and g is not None]
    assert len(pairs) == sum(value is not None for value in values)
    places = [place for _, place in sorted(pairs, reverse=small_is_good)]
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(places))


def test_the_waterfall_is_drawn_from_the_top_in_megabytes():
    steps = waterfall(MATRIX, "unit-0.5-removed", "int8")
    chart = sizes(steps)
    assert list(chart.data[0].y) == [step.name for step in steps]
    assert list(chart.data[0].x) == [step.bytes / 1e6 for step in steps]
    assert chart.layout.xaxis.title.text == "size, MB"


def test_removal_is_drawn_beside_zeros_with_units():
    for chart, unit in ((removal_bytes(PAIRS), "MB"), (removal_time(PAIRS), "µs")):
        assert [trace.name for trace in chart.data] == ["Zeroed", "Removed"]
        assert all(a > b for a, b in zip(chart.data[0].y, chart.data[1].y, strict=True))
        assert chart.layout.yaxis.title.text.endswith(unit)
    assert removal_time(PAIRS).data[0].error_y.array[0] > 0


def test_bars_of_what_is_not_measured_are_left_out():
    bare = [(one, dataclasses.replace(other, latency=None)) for one, other in PAIRS]
    assert list(removal_time(bare).data[1].y) == [None] * len(VARIANTS)


def test_names_are_the_same_everywhere_and_fit_an_axis():
    assert tuple(VARIANT_TITLES) == VARIANTS
    assert len(set(map(variant_label, VARIANTS))) == len(VARIANTS)
    assert max(len(line) for v in VARIANTS for line in variant_label(v).split("<br>")) <= 6
    assert row_title(ROWS["unit-0.5-removed"]) == "Unit, K = 50 %, removed"


def test_headlines_say_what_is_small_and_what_is_fast_among_good_files():
    found = {line.label: line.value for line in export_words.headlines(MATRIX)}
    assert found == {
        "Unpruned network": "98.39 %",
        "Smallest zip, within a point": "179 kB",
        "Smallest file, not zipped, within a point": "975 kB",
        "Fastest, within a point": "41 µs an image",
    }
    assert export_words.headlines(ExportReport({}, {})) == []
    assert len(export_words.headlines(ExportReport(ROWS, {}))) == 1


def test_the_smallest_good_file_is_told_with_how_much_smaller_it_is():
    text = export_words.smallest(MATRIX)
    assert text.startswith("Smallest within one point: **Weight, K = 80 %, as sparse dynamic int8")
    assert "49.3 times as large" in text
    assert export_words.smallest(ExportReport(ROWS, {})) == ""


def test_removal_is_told_in_bytes_and_time():
    text = export_words.removal(*PAIRS[0])
    assert "Zeros alone leave the file at 9.55 MB" in text
    assert "has 2.39 MB (−75 %), an image takes 40 µs instead of 159 µs." in text
    assert "hardly less" in export_words.removal(PAIRS[0][0], PAIRS[0][0])
    assert export_words.removal(None, PAIRS[0][1]) == ""


def test_it_is_told_how_the_times_were_measured():
    text = export_words.timing(MATRIX)
    assert text.startswith("Median of 100 calls of one image after 20 that do not count, on one")
    assert text.endswith("load average was at most 0.4.")
    assert export_words.timing(ExportReport(ROWS, {})) == ""


def test_the_tables_hold_every_file():
    assert len(table.frame(MATRIX)) == len(CELLS)
    lines = table.csv(MATRIX).decode().splitlines()
    assert len(lines) == len(CELLS) + 1
    for column in ("key", "zip_bytes", "latency_median", "network_bytes_keras_zip", "refused"):
        assert column in lines[0].split(",")


def test_an_export_is_described_in_a_line():
    line = KINDS["export"].line(ExportSettings(source=ScheduleSettings(target=0.8), prunings=()))
    assert line.endswith("polynomial to K = 80 % in 2 epochs; as files")
