"""`python -m engine paper`: reproduce the two published tables and the claims."""

from typing import Annotated

import typer

from engine import client
from engine.commands import options as o
from engine.commands import show
from engine.commands.tables import paper as tables
from engine.paper import study
from engine.settings.values import number, words

Seeds = Annotated[o.Text, typer.Option(help="seeds to take the mean of, e.g. 0,1,2")]


def command(seeds: Seeds = None, json: o.JsonFile = None) -> None:
    """Reproduce the published tables: published and measured side by side."""
    given = study.SEEDS if seeds is None else tuple(number(word) for word in words(seeds))
    checked = study.check_seeds(given)
    wanted = tuple(study.runs(checked))
    with show.bar() as look:
        outcomes = client.run_all(wanted, on_look=look)
        result = study.report(checked, dict(zip(study.ids(checked), outcomes, strict=True)))
    show.write_json(json, result | {"notices": []})
    tables.show(result)
