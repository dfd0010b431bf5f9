"""What a process that is graded may use up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Times in seconds, sizes in bytes; a kernel and all that it starts share them."""

    cell: float = 30
    total: float = 600
    memory: int = 2_000_000_000
    processes: int = 64
    scratch: int = 200_000_000
    output: int = 10_000_000
