"""The data sets that come with the project: one file each, found by looking.

A file names its source in `SOURCES`; see `engine.datasets.source.Source` for what a source is, and
`idx` and `cifar` for the formats there are. A package named in PRUNESCOPE_EXTENSIONS adds more in
its own subpackage `sources`.
"""
