"""Work on files of unknown intent, each piece in a confined process that may fail in any way.

`processes.py` is the side of whoever wants the work done, `serving.py` the side that does it,
`programs.py` runs programs that are not ours the same way. Standard library only.
"""

from kb.confined.closing import Closing
from kb.confined.endings import End, Ending, Limits
from kb.confined.pieces import lines, whole
from kb.confined.processes import Confined
from kb.confined.programs import ProgramEnd, ProgramFailed, Programs, run_program

__all__ = [
    "Closing",
    "Confined",
    "End",
    "Ending",
    "Limits",
    "ProgramEnd",
    "ProgramFailed",
    "Programs",
    "lines",
    "run_program",
    "whole",
]
