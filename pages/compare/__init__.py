"""What the page Compare is made of.

Pure, without Streamlit:
rows      groups -> a table
report    everything as one HTML file that opens offline

With Streamlit:
choice    which runs, from the URL; their state while they are active
answer    the box that names the one to ship
evidence  trade-off, parallel coordinates, table, seeds
share     link and downloads
"""
