"""What a network can cost, by name. All are counts or lengths: less is better."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost's name for people and its unit."""

    label: str
    unit: str

    @property
    def is_bytes(self) -> bool:
        """Whether it is the length of files or messages."""
        return self.unit == "bytes"


COSTS: Mapping[str, Cost] = {
    "tflite_zip": Cost("TFLite file, zipped", "bytes"),
    "tflite": Cost("TFLite file", "bytes"),
    "keras_zip": Cost("Keras file, zipped", "bytes"),
    "keras": Cost("Keras file", "bytes"),
    "effective_parameters": Cost("Parameters after removal", "parameters"),
    "nonzero_parameters": Cost("Nonzero parameters", "parameters"),
    "effective_macs": Cost("MACs after removal", "MACs for one image"),
    "nonzero_macs": Cost("MACs not by zero", "MACs for one image"),
    "traffic": Cost("Sent over the network, both ways", "bytes"),
    "latency": Cost("Latency", "µs for one image"),
}
"""In the order of the choice; the first is the default."""
