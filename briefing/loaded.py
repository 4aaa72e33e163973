"""stub"""

from dataclasses import dataclass


@dataclass
class LoadedWord:
    because: str
    instead: str


def loaded_in(text, words):
    return iter(())


def read_loaded_words(texts):
    return (), ()
