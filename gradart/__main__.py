"""`python -m gradart` is `gradart`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the current folder, whose files are the artist's and no modules of anybody's

from gradart.command.cli import main

sys.exit(main())
