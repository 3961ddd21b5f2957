"""Data sets: those of the project, one file each in `sources`; a person's own is imported.

    load(name, scale, channels) -> Dataset   memory-mapped arrays, as a network reads them
    load_for(settings) -> Dataset      the same, for settings that name all three
    import_npz(path or bytes) -> name  a person's own file, validated, never unpickled
    describe(name) -> DatasetSummary   figures for a page; downloads nothing
    notices(settings) -> lines         what a person should know of their own data
    check_usable(settings)             refuse what no network can be trained of
    settled(settings) -> settings      with the scale and channels that their data ask for
    class_names(name), title(name)     what each label means, what people call the data set
    split(dataset, seed=…) -> Split    training and validation rows
    normalised(images)                 (n, inputs) float32, as a network reads them

Inside: source (what a data set says of itself), sources (one file for each), idx and cifar
(formats), download (from mirrors), cache (one checked copy for all processes), npz, npz_file,
npz_keys and labels (a stranger's file), content (what was seen in it), reading (how it is read),
understood (what is said of it).
"""

from engine.datasets.content import Content
from engine.datasets.dataset import Dataset, normalised
from engine.datasets.library import Read, all_sources, content_of, load, load_for
from engine.datasets.npz import import_npz
from engine.datasets.splits import learnt, split
from engine.datasets.summary import (
    DatasetSummary,
    check_usable,
    class_names,
    describe,
    expression,
    is_text,
    notices,
    settled,
    title,
    written,
)

__all__ = [
    "Content",
    "Dataset",
    "DatasetSummary",
    "Read",
    "all_sources",
    "check_usable",
    "class_names",
    "content_of",
    "describe",
    "expression",
    "import_npz",
    "is_text",
    "learnt",
    "load",
    "load_for",
    "normalised",
    "notices",
    "settled",
    "split",
    "title",
    "written",
]
