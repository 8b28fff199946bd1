"""`python -m gradart` is `gradart`."""

import sys

from gradart.cli import main

sys.exit(main())
