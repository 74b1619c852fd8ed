"""How often unreachable objects are looked for: seldom, since hardly any that a call makes are found that way."""

import gc

# So many new objects before they are looked through: a request makes thousands, and hardly any outlive it.
YOUNG, OLDER, OLDEST = 50_000, 20, 50


def collect_seldom() -> None:
    """Look for unreachable objects seldom; what loads a program makes a million that all stay."""
    gc.set_threshold(YOUNG, OLDER, OLDEST)


def keep_what_is_there() -> None:
    """Take what is there by now to stay until the end: it is not looked through any more."""
    gc.collect()
    gc.freeze()
    collect_seldom()
