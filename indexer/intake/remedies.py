"""How a curator does what a refusal asks for: with the command, or on the page of the intake.

``{number}`` is the number of a line, ``{field}`` the name of one of its fields, ``{label}`` what
people call it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remedies:
    """The last half of each refusal."""

    choose: str
    """Which record a line is."""
    rewrite: str
    """A value that the catalogue cannot hold."""
    write: str
    """A value that is lacking."""
    accept: str
    """A line that another refers to."""
    unchain: str
    """A case that continues itself."""
    rights: str
    """A statement that cannot be taken away here."""


COMMAND = Remedies(
    choose="--as {number} と記録のID(新しいものなら new)で選んでください。",
    rewrite="--set で書き直してください。",
    write="--set KEY {field}=値 で書いてください。",
    accept="先に受け入れるか(--accept {number})、--with-references を付けてください。",
    unchain="--set KEY continues_id= で消すか、直してください。",
    rights="kb rights で訂正してください。",
)
PAGE = Remedies(
    choose="その行の「どの記録か」で選んでください。",
    rewrite="その行の「値を直す」を押して、書き直してください。",
    write="その行の「値を直す」を押して、{label}を書いてください。",
    accept="その行({number})も受け入れるか、「行が指す催しや事例も受け入れる」に印を付けてください。",
    unchain="その行の「値を直す」を押して、前の事例を消すか直してください。",
    rights="資料の「利用条件と取り下げ」の画面で訂正してください。",
)
