"""What Twilio is answered while the database is away: callers keep their line.

An error would end their call. Of a call nothing can be read meanwhile, so it is asked for again,
a little later and not without end. What only reports something is refused, so that it is not
taken for kept: the sweeps look for what was lost.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from twilio.twiml.voice_response import VoiceResponse

from contactcenter.intake.phone import words
from contactcenter.intake.phone.doors import AWAY, as_document, blueprint, come_back
from contactcenter.intake.phone.script import POST, music
from contactcenter.intake.phone.signature import is_signed
from contactcenter.languages import LANGUAGES
from contactcenter.links import public_url

AGAIN = "again"  # how often this was asked for without the database
MOST_AGAIN = 40  # some ten minutes of music
PAUSE_SECONDS = 5

# Which document is asked for next; a key that was pressed is not repeated, so it is asked for anew.
NEXT = {
    "/phone/voice": "/phone/voice",
    "/phone/menu": "/phone/voice",
    "/phone/follow-up": "/phone/voice",
    "/phone/wait": "/phone/wait",
    "/phone/wait-key": "/phone/wait",
    "/phone/left": "/phone/left",
    "/phone/conference": "/phone/conference",
    "/phone/over": "/phone/over",
    "/phone/hold": "/phone/hold",
    "/phone/post-key": "/phone/post-key",
}
MUSICAL = frozenset({"/phone/wait", "/phone/hold"})


def keep_line(_error: Exception) -> ResponseReturnValue:
    if not is_signed():
        return Response("signature refused\n", 403, content_type="text/plain")
    following = NEXT.get(request.path)
    if following == "/phone/voice" and "leg" in request.args:
        following = "/phone/wait"  # they typed their code while they stood in line
    if following is None:
        return come_back()
    return as_document(_again(following))


for _kind in AWAY:
    blueprint.register_error_handler(_kind, keep_line)


def _again(following: str) -> VoiceResponse:
    tried = request.args.get(AGAIN, 0, type=int)
    response = VoiceResponse()
    if tried >= MOST_AGAIN:
        _say(response, words.went_wrong)
        response.hangup()
        return response
    if following in MUSICAL:
        response.pause(length=PAUSE_SECONDS)
        response.play(music())
    else:
        if not tried:
            _say(response, words.on_hold)
        response.pause(length=PAUSE_SECONDS)
    query = urlencode({**request.args, AGAIN: tried + 1})
    response.redirect(public_url(f"{following}?{query}"), method=POST)
    return response


def _say(response: VoiceResponse, sentence: Callable[[], str]) -> None:
    """In each language: which one the caller chose is not known now."""
    for language in LANGUAGES:
        with force_locale(language):
            response.say(sentence(), language=words.VOICES[language])
