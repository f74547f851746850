"""Run the command line as ``python -m spiralcore``."""

from spiralcore.cli import main

if __name__ == "__main__":
    main()
