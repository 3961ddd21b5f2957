"""Data sets: MNIST ships with the project, two more are downloaded, a person's own is imported.

    load(name) -> Dataset              memory-mapped arrays, cached under the home folder
    import_npz(path or bytes) -> name  a person's own file, validated, never unpickled
    describe(name) -> DatasetSummary   figures for a page; downloads nothing
    class_names(name)                  what each label means
    split(dataset, seed=…) -> Split    training and validation rows
    normalised(images)                 (n, inputs) float32, as a network reads them

Inside: catalogue (what the sources are), idx and cifar (formats), bundled, remote, download and
transfer (where the bytes come from), cache and places (one checked copy for all
processes), npz and npz_file (a stranger's file).
"""

from engine.datasets.dataset import Dataset, normalised
from engine.datasets.library import Progress, load
from engine.datasets.npz import import_npz
from engine.datasets.splits import Split, split, split_indices, training_count
from engine.datasets.summary import DatasetSummary, class_names, describe

__all__ = [
    "Dataset",
    "DatasetSummary",
    "Progress",
    "Split",
    "class_names",
    "describe",
    "import_npz",
    "load",
    "normalised",
    "split",
    "split_indices",
    "training_count",
]
