"""The networks of an export: the source as it is, pruned once, and with dead units removed."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.networks.network import Network
from engine.pruning.plan.kernels import kernels_of
from engine.pruning.plan.planning import planned_for
from engine.pruning.prune import prune
from engine.pruning.shrink import shrink
from engine.results.export_report import network_key
from engine.results.points import BASELINE, SCHEDULE
from engine.settings import ExportSettings, TrainSettings, training_of


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Candidate:
    """A network that becomes an `ExportedNetwork` of the report."""

    method: str
    sparsity: float
    removed: bool
    network: Network

    @property
    def key(self) -> str:
        """Key of its row."""
        return network_key(self.method, self.sparsity, removed=self.removed)


def candidates(
    settings: ExportSettings, source: Network, *, baseline: Network | None = None
) -> Iterator[Candidate]:
    """Every network of the report, zeroed first, then without its dead units where it has any.

    Args:
        settings: what to prune.
        source: the network that the source's run left.
        baseline: the trained network that a schedule started from, if it did.
    """
    for method, sparsity, network in _zeroed(settings, source, baseline):
        yield Candidate(method=method, sparsity=sparsity, removed=False, network=network)
        small = shrink(network)
        if small.parameters < network.parameters:
            yield Candidate(method=method, sparsity=sparsity, removed=True, network=small)


def _zeroed(
    settings: ExportSettings, source: Network, baseline: Network | None
) -> Iterator[tuple[str, float, Network]]:
    """Method and sparsity of each network in full size."""
    if baseline is not None:
        yield BASELINE, 0.0, baseline
    start = settings.source
    if isinstance(start, TrainSettings):
        yield BASELINE, 0.0, source
    elif start.rule != "prune":
        yield start.rule, 0.0, source
    else:
        yield SCHEDULE, planned_for(start, 1, kernels_of(source.architecture)).target, source
    for method, sparsity in settings.prunings:
        pruned = prune(
            source,
            method=method,
            sparsity=sparsity,
            scope=settings.scope,
            bias=settings.bias,
            norm=settings.norm,
            unit_share=settings.unit_share,
            seed=training_of(settings).seed,
        )
        yield method, sparsity, pruned.network
