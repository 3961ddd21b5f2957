"""The published tables, and the runs that reproduce them.

published  the figures as they were printed, and the claims beside them
study      the settings of every run that reproduces them, for each seed, and their report
tables     measured rows from what those runs measured: means, spread, differences
claims     the compression ratios that are claimed, each with what was compared with what
"""
