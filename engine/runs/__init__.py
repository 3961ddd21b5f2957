"""Runs: settled pieces of work, their states, records and artifacts. No TensorFlow in here.

model       State, Run, Record, Artifact: what the store holds, as frozen values
database    tables and connections (SQLite by default, any SQLAlchemy URL by setting)
lifecycle   claim, heartbeat, finish: a run in a worker's hands; fairness: who is next
submission  a person starts runs; reaping: what dead workers left is queued again
records     the measured rows of a run, appended as it goes; outcomes: what they say together
artifacts   files by content digest, checked when read; eviction past a quota
supervisor  starts, watches and ends worker processes; workers: which of them live
service     what pages and the command line call
"""
