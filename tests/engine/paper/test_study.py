import pytest

from engine.errors import InvalidInput
from engine.paper import study
from engine.runs.submission import MAX_UNFINISHED


def test_the_settings_are_the_published_ones():
    made = study.seeded(1)
    base = made.baseline
    assert (base.network, base.epochs, base.batch_size) == ("guide-cnn", 4, 32)
    assert (base.optimizer, base.learning_rate, base.seed) == ("adam", 0.001, 1)
    tuned = made.trained
    assert (tuned.schedule, tuned.target, tuned.fine_tune_epochs) == ("constant", 0.5, 2)
    assert [(n, each.start, each.fine_tune_epochs) for n, each in made.scratch] == [
        (2, "scratch", 2),
        (3, "scratch", 3),
        (4, "scratch", 4),
    ]


def test_each_run_of_the_study_is_one_of_its_own_and_one_person_may_queue_all():
    ids = study.ids(study.SEEDS)
    assert len(set(ids)) == len(ids) == 5 * len(study.SEEDS) + 1
    assert len(ids) + 1 <= MAX_UNFINISHED  # and the training behind the claims


def test_what_a_run_of_a_seed_needs_comes_before_it():
    *seeded, _ = study.runs(study.SEEDS)
    for place, settings in enumerate(seeded):
        assert settings.needs is None or settings.needs in seeded[:place]


@pytest.mark.parametrize("seeds", [(), (0, 0), ("x",), (-1,), tuple(range(11))])
def test_seeds_that_cannot_be_used_are_refused(seeds):
    with pytest.raises(InvalidInput, match="seed"):
        study.check_seeds(seeds)
