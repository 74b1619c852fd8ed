"""How many things there are, in words."""


def counted(number: int, thing: str) -> str:
    """Write a number with the word of one thing, or of many that ends in s: 1 message, 2,048 messages."""
    return f"{number:,} {thing if number == 1 else f'{thing}s'}"
