"""Python that feeds a model file and prints its accuracy: how to use what was downloaded.

The snippets read images and labels raw, as their owner has them, and need NumPy and the library of
the file only; those for weights as NumPy arrays run from the project's folder.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.settings import TrainSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """How one file is fed.

    Attributes:
        file: its name at home, unpacked.
        data: name of an .npz with ``x_test`` and ``y_test`` as their owner has them.
        scaled: what the network reads, as an expression of the raw ``x``.
        images: what the file calls the test images.
        labels: their labels as one array, as an expression of the file's ``data``.
        shape: of one image, as the file reads it.
        names: raw label of each class; empty where labels are the classes' numbers from 0.
        only: raw labels of the images that are asked for; empty for all.
        int8: whether the file reads int8.
        plain_kernels: whether LiteRT's default kernels do not serve the file.
    """

    file: str
    data: str
    scaled: str
    shape: tuple[int, ...]
    images: str = "x_test"
    labels: str = 'data["y_test"].ravel()'
    names: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    int8: bool = False
    plain_kernels: bool = False


def image_shape(settings: TrainSettings, image: Sequence[int]) -> tuple[int, ...]:
    """What a file of that training's network reads for one image of that shape."""
    if settings.network == "dense":
        return (math.prod(image),)
    return tuple(image[:2]) if len(image) == 3 and image[2] == 1 else tuple(image)


def litert(usage: Usage) -> str:
    """Python for a .tflite file: one image at a time, as a device does it."""
    imported, options = "Interpreter", ""
    if usage.plain_kernels:
        imported += ", OpResolverType"
        kernels = "OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES"
        options = f",\n                    experimental_op_resolver_type={kernels}"
    return "\n".join(
        [
            "import numpy as np",
            f"from ai_edge_litert.interpreter import {imported}",
            "",
            *_images(usage, "(-1, 1, {})"),
            f"model = Interpreter({usage.file!r}{options})",
            "model.allocate_tensors()",
            "reads, writes = model.get_input_details()[0], model.get_output_details()[0]",
            *(_STEPS if usage.int8 else ()),
            "",
            "def answer(image):",
            '    model.set_tensor(reads["index"], image)',
            "    model.invoke()",
            '    return model.get_tensor(writes["index"]).argmax()',
            "",
            *_accuracy(usage, "[answer(image) for image in x]"),
        ]
    )


def keras(usage: Usage) -> str:
    """Python for an .h5 file. TensorFlow's Keras 2, which made it; Keras 3 reads it too."""
    return "\n".join(
        [
            "import os",
            "",
            'os.environ["TF_USE_LEGACY_KERAS"] = "1"',
            "import numpy as np",
            "import tf_keras",
            "",
            *_images(usage, "(-1, {})"),
            f"model = tf_keras.models.load_model({usage.file!r}, compile=False)",
            *_accuracy(usage, "model.predict(x, verbose=0).argmax(axis=1)"),
        ]
    )


def weights(usage: Usage) -> str:
    """Python for trained weights as NumPy arrays."""
    return "\n".join(
        [
            "from pathlib import Path",
            "",
            "import numpy as np",
            "from engine.networks.network import forward",
            "from engine.networks.file import load_network",
            "",
            *_images(usage, f"(-1, {math.prod(usage.shape)})"),
            f"network = load_network(Path({usage.file!r}).read_bytes())",
            *_accuracy(usage, "forward(network, x).argmax(axis=1)"),
        ]
    )


_STEPS = (
    'scale, zero_point = reads["quantization"]',
    "x = np.round(x / np.float32(scale) + zero_point).clip(-128, 127).astype(np.int8)",
)


def _images(usage: Usage, form: str) -> list[str]:
    sides = ", ".join(map(str, usage.shape))
    lines = [
        f"data = np.load({usage.data!r})  # images and labels as they are",
        f"x, labels = data[{usage.images!r}], {usage.labels}{'.astype(str)' * bool(usage.names)}",
    ]
    if usage.only:
        lines += [f"own = np.isin(labels, {_listed(usage.only, text=bool(usage.names))})"]
        lines += ["x, labels = x[own], labels[own]"]
    return [*lines, f"x = ({usage.scaled}).reshape({form.format(sides)[1:-1]})"]


def _accuracy(usage: Usage, answers: str) -> list[str]:
    lines = [f"answers = np.array({answers})" if answers[0] == "[" else f"answers = {answers}"]
    if usage.names:
        lines += [f"answers = np.array({_listed(usage.names, text=True)})[answers]"]
    return [*lines, 'print("accuracy:", np.mean(answers == labels))', ""]


def _listed(values: Sequence[str], *, text: bool) -> str:
    return repr(list(values)) if text else f"[{', '.join(values)}]"
