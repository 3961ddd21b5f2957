"""Which network should one ship? Runs as candidates, and what can be said of them.

candidate  one network that could be shipped: its accuracy and what it costs
adapters   a run's result as the command line writes it -> candidates
spread     the same settings with other seeds; candidates that differ in nothing else, as one
answers    "the smallest that loses at most …", "the most accurate under …", the Pareto front
reproduce  the command that makes a run again
export     candidates as CSV and JSON

Pure: no run store, no charts.
"""
