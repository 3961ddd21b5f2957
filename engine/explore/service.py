"""Everything that is kept between questions, for everyone at once and within bounds.

Sums of bytes, not numbers of things, are bounded: 40 MB of networks, 40 MB of rankings, 24 MB of
pruned networks and 26 MB of images; answers are small and 4,000 of them are kept.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from engine import checks, datasets
from engine.arrays import FloatArray
from engine.datasets import Dataset, normalised
from engine.errors import InvalidInput
from engine.explore import answers
from engine.explore import question as asking
from engine.explore.answers import SAMPLE, Answer, Sample, Turn, sample, sample_rows
from engine.explore.by_sparsity import Flips, Sensitivity, Strip, flips, sensitivity, strip
from engine.explore.digit import Style, style_of
from engine.explore.image import levels
from engine.explore.question import Question, fitted
from engine.networks.file import load_network
from engine.networks.network import Network
from engine.networks.quantization import quantized
from engine.pruning.prune import Cached, Pruned, Rankings
from engine.results import reference
from engine.settings import DataSettings, TrainSettings
from engine.system.cache import Cache

Value = TypeVar("Value")

MEGABYTE = 1_000_000
MOST_PARAMETERS = 10_000_000

SHIPPED = TrainSettings(hidden=(200, 100, 50))
"""How the network that ships was trained; `make reference` rounds its weights to float16."""


def shipped() -> Network:
    """The small trained network that ships with the project, so that nobody has to train first."""
    return load_network(reference.network())


@dataclass(frozen=True, slots=True)
class Subject:
    """A trained network that questions are about.

    Attributes:
        name: of the run that trained it, and when; or of the network that ships.
        data: whose test images answer, read as the training read them.
    """

    name: str
    data: DataSettings = field(default_factory=DataSettings)


class ExploreService:
    """Answers questions about networks; thread-safe, one for the whole process."""

    def __init__(self, load: Callable[[Subject], Network]) -> None:
        """`load` reads the weights of a subject; it may raise PrunescopeError."""
        self._load = load
        self._networks: Cache[Network] = Cache(40 * MEGABYTE, lambda x: 4 * x.parameters)
        self._rankings: Cache[Rankings] = Cache(40 * MEGABYTE, lambda x: sum(y.bytes for y in x))
        self._pruned: Cache[Pruned] = Cache(24 * MEGABYTE, lambda x: 5 * x.network.parameters)
        # of a sample both layouts of its images
        self._samples: Cache[Sample] = Cache(26 * MEGABYTE, lambda x: 2 * x.inputs.images.nbytes)
        self._datasets: Cache[Dataset] = Cache(8)
        self._answers: Cache[Answer] = Cache(4000)
        self._flips: Cache[Flips] = Cache(100)
        self._sensitivities: Cache[Sensitivity] = Cache(100)
        self._styles: Cache[Style] = Cache(200)
        self._levels: Cache[tuple[float, float]] = Cache(200)
        self._quick = _Waiting()
        self._one_slow = threading.Lock()

    def network(self, subject: Subject) -> Network:
        """Its trained network.

        Raises:
            InvalidInput: it diverged or is too large; PrunescopeError: it cannot be read.
        """

        def make() -> Network:
            network = self._load(subject)
            of = "parameters of a network to explore"
            checks.whole(of, network.parameters, 1, MOST_PARAMETERS)
            if not network.finite:
                raise InvalidInput("this training diverged: train it with a smaller learning rate")
            return network

        return self._networks.get(subject, make)

    def dataset(self, subject: Subject) -> Dataset:
        """Its data set, memory-mapped; raises DatasetError."""
        return self._datasets.get(subject.data, lambda: datasets.load_for(subject.data))

    def sample(self, subject: Subject) -> Sample:
        """The fixed test images of its data set; raises DatasetError."""
        return self._samples.get(subject.data, lambda: sample(self.dataset(subject)))

    def levels(self, subject: Subject) -> tuple[float, float]:
        """Values of its images that are shown black and white."""
        return self._levels.get(subject.data, lambda: levels(self._training_images(subject)))

    def style(self, subject: Subject) -> Style:
        """How the digits of its data set are drawn; raises InvalidInput where they cannot be."""
        shape = self.dataset(subject).image_shape
        return self._styles.get(
            subject.data, lambda: style_of(self._training_images(subject), shape)
        )

    def _training_images(self, subject: Subject) -> FloatArray:
        """Some training images, evenly spaced, as the network reads them."""
        data = self.dataset(subject)
        return normalised(data.x_train[sample_rows(len(data.y_train), SAMPLE)])

    def _cached(self, subject: Subject) -> Cached:
        """Keeps the rankings of its network."""
        return lambda key, make: self._rankings.get((subject, key), make)

    def pruned(self, subject: Subject, question: Question) -> Pruned:
        """Its network, pruned as asked; raises InvalidInput where that cannot be."""
        network, cached = self.network(subject), self._cached(subject)
        asked = fitted(question, network)
        return self._pruned.get((subject, asked), lambda: asking.pruned(network, asked, cached))

    def quick(self, subject: Subject, question: Question) -> Answer:
        """The answer on the sample; raises InvalidInput where the question cannot be asked."""

        def make() -> Answer:
            with self._quick:
                chosen = self.sample(subject)
                return answers.quick(self.pruned(subject, question), question, chosen)

        return self._answers.get((subject, question, "quick"), make)

    def known(self, subject: Subject, question: Question) -> Answer | None:
        """The exact answer, if somebody has asked for it before."""
        return self._answers.peek((subject, question, "exact"))

    def exact(self, subject: Subject, question: Question, turn: Turn) -> Answer:
        """The answer of every test image; quick ones go first, and one at a time is worked out.

        Args:
            subject: the network.
            question: how it is pruned.
            turn: called often with the share that is done; what it raises stops the work.
        """
        first = self.quick(subject, question)
        if first.exact:
            return first

        def ask(polite: Turn) -> Answer:
            pruned = self.pruned(subject, question)
            return answers.exact(pruned, first, self.dataset(subject), polite)

        return self._slow(self._answers, (subject, question, "exact"), turn, ask)

    def flips(self, subject: Subject, question: Question, turn: Turn) -> Flips:
        """At which K each image of the sample is forgotten, with the question's method and scope.

        What the question says of K and of single units does not count. `turn` as in `exact`.
        """
        plain = replace(question, sparsities=(0.0,), edits=())

        def ask(polite: Turn) -> Flips:
            network, cached, chosen = self._parts(subject)
            return flips(network, plain, chosen, cached, turn=polite)

        return self._slow(self._flips, (subject, plain), turn, ask)

    def sensitivity(self, subject: Subject, question: Question, turn: Turn) -> Sensitivity:
        """Layer by K, for the method of the question; `turn` as in `exact`."""
        method, seed = question.method, question.seed

        def ask(polite: Turn) -> Sensitivity:
            network, cached, chosen = self._parts(subject)
            return sensitivity(network, method, chosen, cached, seed=seed, turn=polite)

        return self._slow(self._sensitivities, (subject, method, seed), turn, ask)

    def strip(self, subject: Subject, image: FloatArray) -> Strip:
        """What several networks answer to one image ``(inputs,)``; raises InvalidInput."""
        network = self.network(subject)
        if image.size != network.layers[0].inputs:
            allowed = f"an image of {network.layers[0].inputs:,} values"
            raise checks.refuse("drawing", allowed, image.size)
        coarse = self._networks.get((subject, "int8"), lambda: quantized(network))
        with self._quick:
            return strip(network, coarse, image, self._cached(subject))

    def _parts(self, subject: Subject) -> tuple[Network, Cached, Sample]:
        return self.network(subject), self._cached(subject), self.sample(subject)

    def _slow(
        self, cache: Cache[Value], key: Hashable, turn: Turn, work: Callable[[Turn], Value]
    ) -> Value:
        """A value that takes seconds: one at a time is worked out, and quick answers go first."""

        def polite(share: float) -> None:
            turn(share)
            self._quick.wait()

        def make() -> Value:
            while not self._one_slow.acquire(timeout=0.05):
                turn(0)
            try:
                return work(polite)
            finally:
                self._one_slow.release()

        return cache.get(key, make, turn=lambda: turn(0))


class _Waiting:
    """Counts the quick answers under way, so that slow work can let them pass."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait(self, seconds: float = 0.2) -> None:
        """Until none is under way, but not for ever: in a busy class there is always one."""
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, seconds)
