"""Settings: frozen values that are valid by construction, and the digest that names a run.

One module for each kind of run; `needs` of a value is what has to be done first. A new kind is
entered in `KINDS` below.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from engine.settings.codec import RUN_ID as RUN_ID
from engine.settings.codec import check_run_id as check_run_id
from engine.settings.codec import digest as digest
from engine.settings.codec import from_values
from engine.settings.codec import to_json as to_json
from engine.settings.codec import without_defaults as without_defaults
from engine.settings.declare import Declared as Declared
from engine.settings.declare import Option as Option
from engine.settings.declare import RunSettings as RunSettings
from engine.settings.declare import chosen as chosen
from engine.settings.declare import flat as flat
from engine.settings.declare import options as options
from engine.settings.export import VARIANTS as VARIANTS
from engine.settings.export import ExportSettings as ExportSettings
from engine.settings.export import Pruning as Pruning
from engine.settings.export import Source as Source
from engine.settings.export import prunings_as_text as prunings_as_text
from engine.settings.federate import MOST_MEASURED as MOST_MEASURED
from engine.settings.federate import AlgorithmSettings as AlgorithmSettings
from engine.settings.federate import FederateSettings as FederateSettings
from engine.settings.federate import paper_federation as paper_federation
from engine.settings.federate import quick_federation as quick_federation
from engine.settings.levels import STEPS_PER_UNIT as STEPS_PER_UNIT
from engine.settings.levels import count_of as count_of
from engine.settings.levels import on_grid as on_grid
from engine.settings.levels import percent as percent
from engine.settings.levels import sparsity_from_percent as sparsity_from_percent
from engine.settings.schedule import RULES as RULES
from engine.settings.schedule import SCHEDULES as SCHEDULES
from engine.settings.schedule import ScheduleSettings as ScheduleSettings
from engine.settings.schedule import targets_as_text as targets_as_text
from engine.settings.sweep import BIAS_RULES as BIAS_RULES
from engine.settings.sweep import NORMS as NORMS
from engine.settings.sweep import PAPER_SPARSITIES as PAPER_SPARSITIES
from engine.settings.sweep import SCOPES as SCOPES
from engine.settings.sweep import PrunesOnce as PrunesOnce
from engine.settings.sweep import SweepSettings as SweepSettings
from engine.settings.sweep import paper_sweep as paper_sweep
from engine.settings.train import AUTO as AUTO
from engine.settings.train import CHANNELS as CHANNELS
from engine.settings.train import CUSTOM_DATASET as CUSTOM_DATASET
from engine.settings.train import NETWORKS as NETWORKS
from engine.settings.train import PAPER_EPOCHS as PAPER_EPOCHS
from engine.settings.train import SCALES as SCALES
from engine.settings.train import DataSettings as DataSettings
from engine.settings.train import TrainSettings as TrainSettings
from engine.settings.train import built_in_datasets as built_in_datasets

Settings: TypeAlias = (
    TrainSettings | SweepSettings | ScheduleSettings | ExportSettings | FederateSettings
)

KINDS: Mapping[str, type[Any]] = {
    cls.kind: cls
    for cls in (TrainSettings, SweepSettings, ScheduleSettings, ExportSettings, FederateSettings)
}


def from_json(kind: str, values: object) -> Settings:
    """Settings from JSON values; a missing field has its default, an unknown one is an error.

    Raises:
        InvalidInput: the kind or a field is unknown, or a value is not allowed.
    """
    return cast("Settings", from_values(kind, values, KINDS))


def export_of(settings: Settings) -> ExportSettings:
    """The default export of the network that a run with these settings leaves.

    A sweep leaves none: its baseline's is exported. A network that is pruned already comes as it
    is.
    """
    while not isinstance(settings, Source):
        settings = settings.baseline
    if isinstance(settings, TrainSettings):
        return ExportSettings(source=settings)
    return ExportSettings(source=settings, prunings=())


def training_of(settings: Settings) -> TrainSettings:
    """The training that the settings start from, or are."""
    current: Any = settings
    while not isinstance(current, TrainSettings):
        current = current.baseline
    return current
