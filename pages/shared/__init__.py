"""What the pages are made of.

Pure, without Streamlit:
palette      colour, dash and marker of each method: the same everywhere
charts       values -> plotly figures
texts        the copy: how to read a chart, what a word means
words        runs, points and durations in words
headlines    a sweep in a few figures; table  points -> rows; snippet  settings -> Python
matrix_titles  networks and files of an export by name; export_words, export_headlines,
             export_table  what is said of them
brand        the sign of the project; picture  the drawings of the overview

With Streamlit:
state        names in the URL and in the session; who the visitor is
cached       everything that is cached
notices      errors and empty states, shown in one way
forms        widgets -> validated settings
forms_schedule  the same for a schedule; schedule_fields  what its fields say
plan_preview what a schedule will do, before it runs
tuned        a schedule as it runs; recovery  it and its relatives over K
forms_export  the same for an export; export_view  it as a whole, export_detail  one file of it
live         a run as it goes, polled while it is active
curves       the charts of a sweep with their choices; inspect_point  one point in detail
learning     the curves of a training
run_list     the cards of runs; run_actions  what one may do with them
downloads    what can be taken home; downloads_export  of an export; usage  how a file is fed
grid         a table that says – for what is missing
server       start, stop, cookie and headers of the web process
"""
