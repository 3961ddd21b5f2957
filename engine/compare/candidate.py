"""A candidate: one network that could be shipped; and what a network can cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine import checks
from engine.results.paired import Paired
from engine.settings import check_run_id


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
"""In the order of the choice, the first is the default; less is better of each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One network that could be shipped, measured on the test images.

    Attributes:
        run: id of the run that made it.
        family: id that runs share which differ in their seeds only.
        seed: of the run.
        key: its name inside the run, such as ``weight-0.9``.
        label: its name for people, such as ``Weight, K = 90 %``.
        method: baseline, or how it was pruned.
        numbers: how its weights are stored: one of `engine.settings.VARIANTS`. Of int8 there are
            two: ``dynamic`` is dynamic int8 and computes in float, ``int8`` is full int8.
        stage: ``before`` or ``after`` fine-tuning; empty where there was none.
        accuracy: share of the test images answered right, by the weights as stored.
        baseline: the same of the unpruned float32 network that it comes from.
        validation: how it answers validation images beside the unpruned network; None where that
            was not measured.
        images: how many test images there were.
        alone: whether there is no unpruned network that it is compared with.
        costs: by name, see `COSTS`; only what was measured.
        files: name of the stored zip with the model file, by the name of its cost.
    """

    run: str
    family: str
    seed: int
    key: str
    label: str
    method: str
    accuracy: float
    baseline: float
    images: int
    validation: Paired | None = None
    alone: bool = False
    numbers: str = "float32"
    stage: str = ""
    costs: Mapping[str, float] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise InvalidInput that names the first bad field."""
        check_run_id(self.run)
        for name in ("accuracy", "baseline"):
            checks.real(name, getattr(self, name), 0, 1, allowed="a share from 0 to 1")
        checks.whole("images", self.images, 0, 10**9)
        for name in self.costs:
            checks.choice("cost", name, tuple(COSTS))

    @property
    def name(self) -> tuple[str, str, str]:
        """What names the candidate inside its run."""
        return (self.key, self.numbers, self.stage)
