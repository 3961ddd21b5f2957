"""The model files of points: made side by side, run by LiteRT, stored as they come."""

import os
from collections.abc import Callable, Collection

from engine.export.conversions import Converters
from engine.export.files import Exporter, export_point, file_names
from engine.export.images import Images
from engine.networks.network import Network
from engine.results import points as results
from engine.results.points import Point
from engine.system.threads import map_in_order
from engine.work.session import Session


def make_files(
    session: Session,
    points: Collection[Point],
    network_of: Callable[[Point], Network],
    images: Images,
    *,
    converters: Converters,
    after: float,
) -> None:
    """Make, run and store the files of every point that lacks some.

    Args:
        session: of the run.
        points: as they are measured so far.
        network_of: the network of a point; always the same for the same point.
        images: the images that files are run over.
        converters: started already where there was time for it.
        after: how far the run is before, as a share of its progress bar.
    """
    exporter, made = Exporter(converters.convert), session.files()
    missing = [p for p in points if p.tflite_accuracy is None or not file_names(p) <= made]

    def export(point: Point) -> tuple[Point, dict[str, bytes]]:
        session.check()
        return export_point(exporter, point, network_of(point), images)

    threads = os.cpu_count() or 1  # zip, LiteRT and BLAS release the lock
    there = len(points) - len(missing)
    exported = map_in_order(export, missing, threads=threads)
    for done, (point, zipped) in enumerate(exported, there + 1):
        for name, data in zipped.items():
            session.save(name, data)
        # last: the point's record says that its files are there
        session.record("point", {point.key: results.to_json(point)})
        share = after + (1 - after) * done / len(points)
        session.progress(f"makes model files: {done} of {len(points)} points", share)
