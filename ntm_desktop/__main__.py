"""``python -m ntm_desktop``: the command line."""

import sys

from ntm_desktop.cli import main

sys.exit(main())
