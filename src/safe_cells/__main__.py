"""`python -m safe_cells` is the command `safe-cells`."""

import sys

from safe_cells.cli import main

if __name__ == "__main__":
    sys.exit(main())
