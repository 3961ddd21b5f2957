"""Adding a data set is one file in an extension; nothing else has to be touched."""

import sys

import numpy as np
import pytest

from engine.datasets import class_names, describe, load, notices, settled, title
from engine.errors import InvalidInput
from engine.settings import TrainSettings
from engine.system import registry

STRIPES = '''
"""Stripes: horizontal and vertical ones."""

from dataclasses import dataclass

import numpy as np

from engine.datasets.source import Source


@dataclass(frozen=True, kw_only=True)
class Stripes(Source):
    """Made up when it is read."""

    @property
    def shapes(self):
        return {"x_train": (48, 6, 6), "y_train": (48,), "x_test": (24, 6, 6), "y_test": (24,)}

    def read(self, scratch, progress):
        progress(0.0, "painting stripes")
        arrays = {}
        for part, count in (("train", 48), ("test", 24)):
            images = np.zeros((count, 6, 6), np.uint8)
            images[::2, ::2] = 255
            images[1::2, :, ::2] = 255
            arrays |= {f"x_{part}": images, f"y_{part}": np.arange(count, dtype=np.uint8) % 2}
        return arrays


SOURCES = (
    Stripes(
        name="stripes",
        order=5,
        title="Stripes",
        origin="a test",
        license="none",
        class_names=("horizontal", "vertical"),
    ),
)
'''


@pytest.fixture
def extension(tmp_path, monkeypatch):
    folder = tmp_path / "striped_extension" / "sources"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    (folder / "__init__.py").write_text("")
    (folder / "stripes.py").write_text(STRIPES)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv(registry.EXTENSIONS, "striped_extension")
    registry.found.cache_clear()
    yield
    registry.found.cache_clear()
    for name in [name for name in sys.modules if name.startswith("striped_extension")]:
        del sys.modules[name]


def test_a_file_in_an_extension_is_a_data_set(extension):
    assert registry.names("sources") == ("stripes", "mnist", "fashion-mnist", "cifar-10")
    summary = describe("stripes")
    assert (summary.train, summary.test) == (48, 24)
    assert (summary.image_shape, summary.classes, summary.local) == ((6, 6), 2, True)
    assert class_names("stripes") == ("horizontal", "vertical")
    assert title("stripes") == "Stripes"
    told = []
    dataset = load("stripes", progress=lambda *report: told.append(report))
    assert told == [(0.0, "painting stripes")]
    assert isinstance(dataset.x_train, np.memmap)
    assert dataset.x_train.sum() == 48 * 18 * 255
    scaled = load("stripes", scale="max").x_train  # their maximum is 255
    assert isinstance(scaled, np.memmap)
    assert scaled.filename == dataset.x_train.filename
    with pytest.raises(InvalidInput, match="stripes, mnist, fashion-mnist, cifar-10 or an"):
        load("spots")


def test_without_the_extension_nobody_knows_it():
    with pytest.raises(InvalidInput, match="dataset must be mnist, fashion-mnist, cifar-10 or"):
        load("stripes")
    usual = TrainSettings()
    assert settled(usual) == usual
    assert notices(usual.data) == ()
