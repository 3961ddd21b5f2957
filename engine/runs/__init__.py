"""Runs: settled pieces of work, their states, records and artifacts. No TensorFlow in here.

model       Run, Record: what the store holds, as frozen values
database    tables and connections (SQLite by default, any SQLAlchemy URL by setting)
lifecycle   submit, claim, heartbeat, finish, cancel, reap: the only writer of states
fairness    who is next: a pure function
records     the measured rows of a run, appended as it goes
artifacts   files by content digest, checked when read; eviction past a quota
supervisor  starts, watches and ends worker processes
service     what pages and the command line call
"""
