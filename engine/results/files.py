"""Names under which a run's files are stored, and what they are called inside their zips."""

WEIGHTS = "weights.npz"
"""The network that a run trained."""

CHECKPOINT = "checkpoint.npz"
"""The state of an unfinished training or federation."""


def point_file(point: str, form: str, *, removed: bool = False) -> str:
    """The zip of a point's file of that format, such as ``unit-0.5-removed.tflite.zip``.

    Args:
        point: key of the point.
        form: one of `engine.results.points.FORMATS`.
        removed: of the network without its dead units.
    """
    return f"{point}{'-removed' if removed else ''}.{form}.zip"


def variant_file(network: str, variant: str) -> str:
    """The zip of an exported network's TFLite file, such as ``weight-0.8.dynamic.tflite.zip``."""
    return f"{network}.{variant}.tflite.zip"


def keras_file(network: str) -> str:
    """The zip of an exported network's Keras file."""
    return point_file(network, "keras")


def client_file(client: int) -> str:
    """The zip of a client's own TFLite file."""
    return f"personal-{client:05}.tflite.zip"


def entry(form: str) -> str:
    """What a file is called inside its zip.

    Args:
        form: ``keras``, ``float32`` or another variant of `engine.settings.VARIANTS`.
    """
    if form == "keras":
        return "model.h5"
    return "model.tflite" if form == "float32" else f"model_{form}.tflite"
