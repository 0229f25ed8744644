"""What a request is called in lists."""

import re

_WORD = re.compile(r"[^\W\d_]+")
OPENERS = frozenset(
    _WORD.findall(
        "bonjour bonsoir salut coucou madame monsieur mesdames messieurs mme mr cher chère chers"
        " hello hi hey dear good greetings"
        " goedendag goedemorgen goedemiddag goedenavond goede dag hallo hoi beste geachte"
        " guten moin servus sehr liebe lieber"
    )
)
WITH_THEM = frozenset(
    _WORD.findall(
        "à tous toutes tout toute le monde l la les équipe service et ou chères messieurs dames"
        " sir madam or sirs team all there everyone morgen morning afternoon evening day"
        " heer mevrouw heren collega allen iedereen middag avond morgen"
        " tag abend morgen geehrte geehrter damen herren herr frau und zusammen team"
    )
)
MOST_ADDRESSED = 4  # words of a line that is closed by a comma: "Bonjour Madame Vasseur,"


def is_greeting(line: str) -> bool:
    """Whether a line greets and says nothing else, in one of the four languages."""
    words = _WORD.findall(line.casefold())
    if not words or words[0] not in OPENERS or re.search(r"\d", line):
        return False
    if all(word in OPENERS or word in WITH_THEM for word in words):
        return True
    return len(words) <= MOST_ADDRESSED and line.rstrip().endswith((",", "!"))


def subject_in(text: str, longest: int) -> str:
    """The first line that says something, in at most about `longest` signs, cut between words.

    Empty if the text says nothing; a text that only greets is called by its greeting.
    """
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    words = next((line for line in lines if not is_greeting(line)), lines[0] if lines else "")
    if len(words) <= longest:
        return words
    cut = words.rfind(" ", longest // 2, longest)
    return words[: cut if cut > 0 else longest].rstrip(" ,;:.") + "…"
