"""The command line: train, sweep, schedule, export, federate, runs, worker.

Scripts rely on its options.

Exit code 0 on success, 2 on bad input with one clear line on standard error, 1 on failure.
"""

import sys
from collections.abc import Sequence

import typer
from rich.console import Console
from typer._click.exceptions import ClickException  # Typer's own copy: it has no public name

from engine.commands import paper, runs, start, worker
from engine.errors import InvalidInput, PrunescopeError

app = typer.Typer(
    help="Prunescope: what pruning a neural network costs and what it buys.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (start.train, start.sweep, start.schedule, start.export, start.federate):
    app.command()(command)
app.command("paper")(paper.command)
app.add_typer(runs.app, name="runs")
app.command("worker")(worker.command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(args=given or ["--help"], prog_name="python -m engine", standalone_mode=False)
    except ClickException as error:
        return _say(error.format_message(), 2)
    except InvalidInput as error:
        return _say(str(error), 2)
    except PrunescopeError as error:
        return _say(str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted: start the same command again to go on", 1)
    return code if isinstance(code, int) else 0


def _say(message: str, code: int) -> int:
    line = " ".join(message.split())
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(line)
    return code
