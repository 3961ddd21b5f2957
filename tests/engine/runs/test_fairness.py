"""The order of the queue, as properties."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from engine.runs.fairness import Waiting, fair_order

queues = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50)), max_size=30).map(
    lambda rows: [Waiting(f"{i:02}", owner, float(t)) for i, (owner, t) in enumerate(rows)]
)


@given(queues, st.dictionaries(st.sampled_from("abc"), st.integers(0, 5)))
def test_everybody_is_served_once(queue, load):
    assert sorted(fair_order(queue, load)) == [run.id for run in queue]


@given(queues)
def test_nobody_is_served_more_than_once_while_another_waits_unserved(queue):
    owners = {run.id: run.owner for run in queue}
    left: Counter[str] = Counter(owners.values())
    served: Counter[str] = Counter()
    for run in fair_order(queue, {}):
        assert all(served[owners[run]] <= served[other] for other in left if left[other])
        served[owners[run]] += 1
        left[owners[run]] -= 1


@given(queues)
def test_one_owner_keeps_the_order_of_asking(queue):
    mine = [Waiting(run.id, "a", run.created) for run in queue]
    order = fair_order(mine, {})
    assert order == [run.id for run in sorted(mine, key=lambda run: (run.created, run.id))]


def test_recent_work_counts():
    queue = [Waiting("1", "busy", 0), Waiting("2", "idle", 1)]
    assert fair_order(queue, {"busy": 3}) == ["2", "1"]
