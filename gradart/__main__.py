"""`python -m gradart` is `gradart`."""

import sys

from gradart.command.cli import main

sys.exit(main())
