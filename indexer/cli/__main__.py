"""``python -m indexer.cli``: the command `kb` of the interpreter that runs it."""

from indexer.cli import main

main()
