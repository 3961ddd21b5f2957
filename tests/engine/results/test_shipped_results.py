"""A result that ships is that of the present code: its beginning, computed anew, is the same.

To the last bit on the kind of machine that made it. On another, training rounds otherwise: figures
agree to `NEAR`, bytes of pruned networks to `NEAR_BYTES` of them, and all other counts exactly.
"""

import io

import numpy as np
import pytest

from engine.datasets import load, normalised
from engine.explore.service import SHIPPED, shipped
from engine.networks.architecture import architecture_of
from engine.networks.network import to_arrays
from engine.paper import study
from engine.results import reference
from engine.results.points import point_key
from engine.settings import SweepSettings, digest, paper_sweep
from engine.training.baseline import EpochReport, network_of, train
from engine.training.forward import tensor_logits
from tools import first
from tools.federated_study import CANARIES, comparison, published

pytestmark = [pytest.mark.tensorflow, pytest.mark.usefixtures("mnist")]

NEAR = 0.02
NEAR_BYTES = 0.001
BITS = ("sha256", "network")
ROUNDED = ("bytes_up", "nonzero_parameters")
COMPARED = [s for s in comparison("mnist") if s.algorithm.variant in CANARIES]
FOUND = tuple(reference.available())


def agree(ours, theirs, made):
    """Whether both are the same, as nearly as can be asked of this machine."""
    near(ours, theirs)
    if made["machine"] == first.machine():
        assert ours == theirs


def near(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        other = theirs[name]
        if isinstance(value, dict):
            near(value, other)
        elif isinstance(value, list):
            assert len(value) == len(other)
            for mine, their in zip(value, other, strict=True):
                near(mine, their)
        elif name in ROUNDED:
            assert value == pytest.approx(other, rel=NEAR_BYTES)
        elif isinstance(value, float):
            assert value == pytest.approx(other, abs=NEAR)
        elif name not in BITS:
            assert value == other


def told_alike(begun, epoch):
    """Whether the scores of a first epoch are those that are told elsewhere in the result."""
    return all(
        {name: round(value, 6) for name, value in scores.items()}.items() <= epoch[part].items()
        for part, scores in begun["epoch"].items()
    )


def of(name, settings):
    """A federation of a shipped comparison, and how it was made."""
    found = reference.load(name)
    return next(f for f in found["federations"] if f["run"] == digest(settings)), found["made"]


@pytest.mark.parametrize("settings", COMPARED)
def test_federations_begin_as_the_present_code_begins_them(settings):
    ours = first.first_round(settings)
    federation, made = of("federated-mnist", settings)
    agree(ours, federation["first"], made)
    for name in ("federated-fashion-mnist", "federated-cifar-10"):
        found = reference.load(name)
        canary = next(c for c in found["canaries"] if c["run"] == digest(settings))
        agree(ours, canary, found["made"])


def test_the_published_federation_begins_as_the_present_code_begins_it():
    settings = next(s for s in published() if s.algorithm.prunes)
    federation, made = of("federated-mnist-published", settings)
    agree(first.first_round(settings), federation["first"], made)


@pytest.mark.parametrize("name", [name for name in FOUND if name.startswith("federated-")])
def test_what_is_kept_of_a_first_round_is_that_of_the_federation(name):
    for federation in reference.load(name)["federations"]:
        begun = federation["first"]
        assert begun["run"] == federation["run"]
        told = {n: begun[n] if begun[n] is None else round(begun[n], 6) for n in first.ROUND}
        assert told.items() <= federation["rounds"][0].items()


@pytest.mark.parametrize(
    ("name", "sweep"), [("mnist", SweepSettings()), ("paper-mnist", paper_sweep())]
)
def test_sweeps_begin_as_the_present_code_begins_them(name, sweep):
    found = reference.load(name)
    ours = first.first_epoch(sweep.baseline, sweep)
    agree(ours, found["first"], found["made"])
    assert told_alike(found["first"], found["epochs"][0])


def test_sweeps_of_other_images_have_a_canary_that_still_sings():
    sweep = paper_sweep()
    ours = first.first_epoch(sweep.baseline, sweep, whole=False)
    for name in ("paper-fashion-mnist", "paper-cifar-10"):
        agree(ours, reference.load(name)["first"], reference.load(name)["made"])


def test_the_study_of_the_paper_begins_as_the_present_code_begins_it():
    found = reference.load("paper")
    agree(first.first_epoch(study.seeded(0).baseline), found["first"], found["made"])
    assert told_alike(found["first"], found["curves"]["trained"]["before"][0])


def test_the_export_that_ships_is_of_the_networks_of_the_sweep_that_ships():
    exported, swept = reference.load("export")["export"], reference.load("mnist")["sweep"]
    points = {point_key(p["method"], p["sparsity"]): p for p in swept["points"]}
    points["baseline"] = swept["baseline"]
    rows = [row for row in exported["networks"] if row["key"] in points]
    assert {row["key"] for row in rows} == {"baseline", "weight-0.8", "weight-0.9", "unit-0.5"}
    for row in rows:
        point = points[row["key"]]
        for name in ("accuracy", "balanced_accuracy", "parameters", "nonzero_parameters", "macs"):
            assert row[name] == point[name]
        files = {cell["variant"]: cell for cell in exported["files"] if cell["row"] == row["key"]}
        for variant, name in (("float32", "tflite"), ("dynamic", "tflite_dynamic")):
            assert files[variant]["bytes"] == point["bytes"][name]
            assert files[variant]["zip_bytes"] == point["bytes"][f"{name}_zip"]
            assert files[variant]["accuracy"] == point[f"{name}_accuracy"]
        assert files["dynamic"]["validation"] == point["tflite_dynamic_validation"]


def test_the_network_that_ships_is_the_one_that_its_training_leaves():
    data = load("mnist")
    *_, last = (each for each in train(SHIPPED, data) if isinstance(each, EpochReport))
    trained = network_of(last.state, architecture_of(SHIPPED, data.image_shape, data.classes))
    answers = tensor_logits(normalised(data.x_test), shipped()).argmax(axis=1)
    assert np.mean(answers == data.y_test) == pytest.approx(last.test.accuracy, abs=NEAR)
    if reference.load("mnist")["made"]["machine"] == first.machine():
        with np.load(io.BytesIO(reference.network())) as file:
            stored = [file[name] for name in file.files]
        rounded = [array.astype(np.float16) for array in to_arrays(trained)]
        assert all(np.array_equal(a, b) for a, b in zip(rounded, stored, strict=True))


def test_a_round_is_known_by_all_of_it_but_the_seconds():
    row = dict.fromkeys(first.ROUND, 0.5) | {"seconds": 1.0, "overlap": [{"masks": [0.25]}]}
    client = dict.fromkeys(first.CLIENT, 1) | {"seconds": 2.0, "confusion": [[3, 4]]}
    told = first.told_round(row | {"clients": [client]})
    assert first.told_round(row | {"seconds": 9.0, "clients": [client | {"seconds": 9.0}]}) == told
    others = [
        row | {"clients": [client | {"confusion": [[4, 3]]}]},
        row | {"clients": [client], "overlap": [{"masks": [0.25 + 2**-50]}]},
        row | {"clients": [client, client]},
    ]
    assert all(first.told_round(other)["sha256"] != told["sha256"] for other in others)
