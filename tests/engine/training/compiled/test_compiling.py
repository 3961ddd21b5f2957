"""What is compiled is kept, used again, and works where it cannot be kept or was damaged."""

import os
import subprocess
import sys
from typing import Any

import pytest

from engine.training.compiled.compiling import compiled_for_good

PROGRAM = """
import resource
import sys

from engine.training.compiled.compiling import compiled_for_good

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))


@compiled_for_good
def twice(number):
    return 2 * number


print(twice(21), twice(4), sum(twice.__wrapped__.stats.cache_hits.values()))
"""


@pytest.fixture
def run(project, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    places = {"NUMBA_CACHE_DIR": str(tmp_path / "kept"), "PYTHONPATH": str(project)}

    def start(room=10**9):
        return subprocess.Popen(
            [sys.executable, program, str(room)],
            env=os.environ | places,
            stdout=subprocess.PIPE,
            text=True,
        )

    def answer(**options):
        return start(**options).communicate()[0]

    answer.start = start  # type: ignore[attr-defined]
    return answer


def kept(tmp_path):
    return sorted((tmp_path / "kept").rglob("*.nb[ci]"))


def test_what_one_process_compiled_the_next_one_loads(run, tmp_path):
    assert run() == "42 8 0\n"
    assert len(kept(tmp_path)) == 2
    assert run() == "42 8 1\n"


def test_a_full_disk_keeps_nothing_and_stops_nobody(run, tmp_path):
    assert run(room=0) == "42 8 0\n"
    assert not kept(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"\0" * 4000, b"half"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_damaged_file_is_compiled_anew(run, tmp_path, damage, which):
    run()
    kept(tmp_path)[which].write_bytes(damage)
    assert run() == "42 8 0\n"
    assert run() == "42 8 1\n"


def test_two_processes_at_once_keep_one_version(run, tmp_path):
    both = [run.start(), run.start()]
    said = sorted(process.communicate()[0] for process in both)
    assert said == ["42 8 0\n", "42 8 1\n"]  # the later one waited for the other's
    assert run() == "42 8 1\n"


def test_without_a_place_to_keep_it_it_is_compiled_all_the_same():
    made: dict[str, Any] = {}
    exec("def twice(number):\n    return 2 * number", made)  # noqa: S102  # a function of no file
    assert compiled_for_good(made["twice"])(21) == 42


EPOCH = """
import hashlib

import numpy as np

from engine.training.compiled import Rates, epoch, joined, training

rng = np.random.default_rng(0)
widths = (784, 300, 100, 10)
pairs = [(rng.normal(size=(a, b)) / a**0.5, rng.normal(size=b)) for a, b in zip(widths, widths[1:])]
matrices = tuple(
    joined(k.astype("f4"), b.astype("f4"), hidden=b.size > 10) for k, b in pairs
)
state = training(matrices, widths[:-1], 10)
images, labels = rng.integers(0, 256, (200, 784)).astype("u1"), rng.integers(0, 10, 200)
rates = Rates(*(np.float32(number) for number in (0.1, 0.5, 0.3, 255)))
print(epoch(state, images, labels, rates)[1].hex())
print(hashlib.sha256(b"".join(each.tobytes() for each in state.matrices)).hexdigest())
"""


def test_who_compiles_an_epoch_trains_to_the_same_bits_as_those_who_load_it(project, tmp_path):
    program = tmp_path / "epoch.py"
    program.write_text(EPOCH)
    places = {"NUMBA_CACHE_DIR": str(tmp_path / "kept"), "PYTHONPATH": str(project)}
    compiling, loading = (
        subprocess.check_output([sys.executable, program], env=os.environ | places, text=True)
        for _ in range(2)
    )
    assert kept(tmp_path)
    assert compiling == loading
    assert len(compiling.split()) == 2
