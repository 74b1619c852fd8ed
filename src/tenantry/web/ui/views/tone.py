"""The few colours a message may have, and the themes."""

from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["", "info", "good", "warn", "bad", "away"]
Theme: TypeAlias = Literal["auto", "light", "dark"]
