"""The command line: `python -m council_partnering`, the same as `councils`."""

from .experiments.__main__ import main

if __name__ == "__main__":
    main()
