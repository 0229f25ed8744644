"""In which of the centre's languages a text is written, told by its small words."""

import re
from collections import Counter
from functools import lru_cache

READ = 5_000  # characters
VOTE = 12  # of a word; one that two or three languages share gives each its part

_WORDS = {
    "fr": "le la les des du une et est je vous nous pour dans que qui pas avec sur mon ma "
    "mes votre bonjour merci suis ai au aux ce cette madame monsieur cordialement il "
    "elle ne se avez de en un par sont cela",
    "nl": "de het een en van ik u niet dat is op te voor met mijn uw zijn heb wij aan bij "
    "maar ook goedendag dag graag groeten bedankt beste mevrouw mijnheer kan kunt "
    "hebben naar deze wordt",
    "de": "der die das und ist ich sie nicht mit für ein eine einen den dem zu auf von wir "
    "mein meine ihr ihre guten tag danke bitte grüßen herr frau habe haben kann "
    "können bei auch wird",
    "en": "the and is of to in i you we not for with that this my your have are it on at "
    "please thank thanks hello dear regards can be was would from do",
}
_LANGUAGES: dict[str, list[str]] = {}
for _language, _listed in _WORDS.items():
    for _word in _listed.split():
        _LANGUAGES.setdefault(_word, []).append(_language)


@lru_cache(maxsize=4)  # a door asks, then triage
def detect(text: str) -> str | None:
    """`fr`, `nl`, `de` or `en`; None when the text is too short or too mixed to tell."""
    words = re.findall(r"[^\W\d_]+", text[:READ].lower())
    votes: Counter[str] = Counter()
    for word in words:
        languages = _LANGUAGES.get(word, ())
        for language in languages:
            votes[language] += VOTE // len(languages)
    ranked = votes.most_common(2)
    # One telling word may be chance, unless there are hardly any others.
    if not ranked or ranked[0][1] < (VOTE if len(words) <= 4 else 2 * VOTE):
        return None
    if len(ranked) == 2 and ranked[0][1] * 4 < ranked[1][1] * 5:
        return None
    return ranked[0][0]
