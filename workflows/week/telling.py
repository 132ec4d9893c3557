"""What is said while the week goes by: by day, by use, and where it happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

USES = {
    1: "Role-based template access",
    2: "Routing by business unit",
    3: "Secure approval",
    4: "Joiner, mover, leaver",
    5: "Distribution lists",
    6: "Template governance",
    7: "Audit and compliance reporting",
    8: "Delegated regional administration",
}


@dataclass(frozen=True)
class Told:
    use: int
    where: str
    said: str
    link: str = ""


@dataclass
class Telling:
    """Says each line at once, and keeps it."""

    say: Callable[[str], None]
    lines: list[Told] = field(default_factory=list)
    use: int = 0

    def day(self, name: str) -> None:
        self.say(f"\n{name}")

    def about(self, use: int) -> None:
        """What follows is about this use."""
        self.use = use
        self.say(f"\n  Use {use}: {USES[use]}")

    def otds(self, said: str, link: str = "") -> None:
        self._tell("OTDS", said, link)

    def exstream(self, said: str, link: str = "") -> None:
        self._tell("Exstream", said, link)

    def hub(self, said: str, link: str = "") -> None:
        self._tell("Lockgate", said, link)

    def post(self, said: str, link: str = "") -> None:
        self._tell("Post", said, link)

    def _tell(self, where: str, said: str, link: str) -> None:
        self.lines.append(Told(self.use, where, said, link))
        self.say(f"    {where:9} {said}" + (f"\n              {link}" if link else ""))
