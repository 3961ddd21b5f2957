"""A kind of run has a part in every layer, or it is not one."""

from typing import Any

from typer.main import get_command

from engine import commands
from engine.commands.tables import TABLES
from engine.compare.adapters import ADAPTERS
from engine.runs.outcomes import OUTCOMES
from engine.settings import KINDS, options
from engine.work.jobs import JOBS
from pages.shared import kinds, scripts

NOTHING_TO_SHIP = {"train"}


def test_every_kind_has_settings_job_outcome_command_table_and_page(project):
    command_line: Any = get_command(commands.app)
    for name, settings in KINDS.items():
        assert settings.kind == name
        assert options(settings)
        assert settings.title
        assert settings.done_first
        assert settings.first_guess > 0
        for layer in (JOBS, OUTCOMES, TABLES, kinds.KINDS, command_line.commands):
            assert name in layer
        assert (name in ADAPTERS) != (name in NOTHING_TO_SHIP)
        assert (project / "pages" / kinds.KINDS[name].page).exists()
        assert kinds.described_settings(name, {})
        assert "client.run(settings)" in scripts.script(settings())
    for layer in (JOBS, OUTCOMES, TABLES, kinds.KINDS):
        assert set(layer) == set(KINDS)
