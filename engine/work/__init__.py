"""The worker process: takes runs from the store and does them; TensorFlow lives only here.

worker      the process: presence, loop, cancelling, hard stop
session     what a job sees of its run: records, files, progress, "was I cancelled?"
jobs        what is done for each kind of run: only translation, no algorithm
"""
