"""`python -m deepcomposer_edu` is the command line."""

import sys

from deepcomposer_edu.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
