"""The table that a run prints: each figure beside its target and beside the limit it has."""

from dataclasses import dataclass, field

from bench.load import Load


@dataclass
class Report:
    """Lines as they are measured; `misses` are the targets that were not reached."""

    misses: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        print(
            f"\n{'':36}{'per second':>11}{'of limit':>9}{'median':>10}{'slowest 1%':>12}"
            f"{'web CPU':>10}{'SQL CPU':>10}"
        )

    def load(
        self, title: str, measured: Load, *, limit: float | None = None, target: float = 0
    ) -> None:
        """A measured load; `limit` is the rate that it cannot exceed here."""
        share = f"{measured.rate / limit:.0%}" if limit else ""
        print(
            f"{title:36}{measured.rate:11,.0f}{share:>9}{measured.median_ms:7.1f} ms"
            f"{measured.slow_ms:9.1f} ms{measured.web_ms:7.2f} ms{measured.database_ms:7.2f} ms"
            f"{self._judged(title, measured.rate, target)}"
        )

    def rate(self, title: str, rate: float) -> None:
        """A rate that something else measured."""
        print(f"{title:36}{rate:11,.0f}")

    def fact(self, title: str, value: float, *, most: float) -> None:
        """Something that must not be more than `most`."""
        print(f"{title:36}{value:11.2f}{'':51}{self._judged(title, -value, -most)}")

    def _judged(self, title: str, value: float, target: float) -> str:
        if not target:
            return ""
        if value < target:
            self.misses.append(title)
        return f"   {'missed' if value < target else 'reached'}: {abs(target):,.4g}"
