"""Which network should one ship? Runs as candidates, and what can be said of them.

candidate  one network that could be shipped: its accuracy and what it costs
costs      the costs by name, with their units
adapters   a run's result as the command line writes it -> candidates; one module a kind
seeds      the same settings with other seeds; which runs differ in nothing else
spread     candidates that differ in the seed only: mean, spread, interval
pareto     places that no other place beats
answers    "the smallest that loses at most …", "the most accurate under …"
reproduce  the command that makes a run again
export     candidates as CSV and JSON

Pure: no run store, no charts.
"""
