"""What an account may do (役割), and as which audience its holder looks."""

from enum import StrEnum

from kb.domain.rights import Audience


class Role(StrEnum):
    """The role of an account; each may do what those before it may."""

    READER = "reader"
    STAFF = "staff"
    MEMBER = "member"
    CURATOR = "curator"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The Japanese name of the role."""
        return {
            "reader": "閲覧者",
            "staff": "職員",
            "member": "会員",
            "curator": "編集担当",
            "administrator": "管理者",
        }[self]

    @property
    def audience(self) -> Audience:
        """As whom its holder looks at documents."""
        return {
            "reader": Audience.ANONYMOUS,
            "staff": Audience.STAFF,
            "member": Audience.MEMBER,
            "curator": Audience.CURATOR,
            "administrator": Audience.CURATOR,
        }[self]

    def at_least(self, other: "Role") -> bool:
        """Whether it may do all that `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)
