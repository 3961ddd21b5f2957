"""`python -m engine`: the command line."""

import sys

from engine.commands import main

sys.exit(main())
