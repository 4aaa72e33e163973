"""stub"""


def hedges(text: str) -> list[str]:
    return []


def judgement_words(text: str) -> list[str]:
    return []


def confidence_words(text: str) -> list[str]:
    return []
