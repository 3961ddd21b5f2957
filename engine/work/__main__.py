"""Entry of a worker process; started by the supervisor with the worker's id."""

import sys

from engine.work.worker import main

main(sys.argv[1])
