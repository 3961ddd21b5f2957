"""Data sets by name: those of the project, and a person's own, which is imported from an .npz.

source      what a data set says of itself; `sources` has a file for each
idx, cifar  formats of their files; download: from the first mirror that serves them
cache       one checked copy of the arrays for all processes
library     load: the arrays as a network reads them (dataset); splits: which rows choose
npz         import_npz, by npz_file (never unpickled), npz_keys (which array is which) and labels
content     what was seen in the arrays; reading: the scaling and the channels that follow from it
summary     what is told of a data set before it is loaded; understood: in which words
"""

from engine.datasets.content import Content
from engine.datasets.dataset import Dataset, normalised
from engine.datasets.library import all_sources, content_of, load, load_for
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
