"""How values are written for the one who reads; the back office's pages know it under this name."""

from tenantry.web.words import NO_BREAK, Reader, Words, iso, plain_words, words_of

__all__ = ["NO_BREAK", "Reader", "Words", "iso", "plain_words", "words_of"]
