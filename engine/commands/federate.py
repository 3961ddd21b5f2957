"""`python -m engine federate`: rounds of clients that own different data."""

from itertools import product
from typing import Annotated, Any

import typer

from engine import client, datasets
from engine.commands import options as o
from engine.commands import show, tables
from engine.commands.tables import federate as table
from engine.errors import InvalidInput
from engine.settings import FederateSettings, options, paper_federation, quick_federation
from engine.settings.values import words

OWN = options(FederateSettings)
PRESETS = {"paper": paper_federation, "quick": quick_federation}
Network = Annotated[o.Text, typer.Option(help="Federated rounds have dense networks.")]


@o.takes(OWN)
def command(
    given: o.Texts, preset: o.Preset = None, network: Network = None, json: o.JsonFile = None
) -> None:
    """Federated rounds; several algorithms or prunings, with commas, are compared on one split."""
    algorithms = words(given.pop("algorithm", "sub-fedavg"))
    prunings = words(given.pop("pruning", "unstructured"))
    start = o.preset(preset, PRESETS, FederateSettings())
    if network not in {None, "dense"}:
        raise InvalidInput(f"network must be dense for federated rounds, not {network!r}")
    chosen = o.read(OWN, given)
    settings = [
        start.but(algorithm=algorithm, pruning=pruning, **chosen)
        for algorithm, pruning in product(algorithms, prunings)
    ]
    distinct = [datasets.settled(each) for each in dict.fromkeys(settings)]
    if not distinct:
        raise InvalidInput("name at least one algorithm and one kind of pruning")
    show.notices(datasets.notices(distinct[0].data))
    with show.bar() as look:
        results = list(client.run_all(distinct, on_look=look))
    if len(results) > 1:
        show.write_json(json, _several(results))
        table.compare(results)
    else:
        show.write_json(json, results[0])
        tables.show("federate", results[0])


def _several(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Several results, with what is to be said of the data and the split that they share."""
    return {"runs": results, "notices": results[0]["notices"]}
