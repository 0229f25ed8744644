"""What a caller hears who follows their request: the code is asked for, then where it stands."""

from collections.abc import Sequence

from flask_babel import force_locale
from twilio.twiml.voice_response import Gather, VoiceResponse

from contactcenter.intake.phone import words
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.links import public_url

MOST_KEYS = 24
CODE_SECONDS = 10  # between two digits, for who reads them off a paper
POST = "POST"


def ask(call: PhoneCall, before: Sequence[str] = (), *, in_line: bool = False) -> VoiceResponse:
    """Ask for the digits of the code, after these words; the answer names its try.

    `in_line`: of who waits meanwhile, the answer names the stay as well.
    """
    stay = f"&leg={call.leg}" if in_line else ""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=MOST_KEYS,
        finish_on_key="#",
        timeout=CODE_SECONDS,
        action=public_url(f"/phone/follow-up?try={call.code_tries + 1}{stay}"),
        method=POST,
        action_on_empty_result=True,
    )
    with force_locale(call.language):
        gather.say(" ".join([*before, words.type_your_code()]), language=_voice(call))
    response.append(gather)
    return response


def tell(call: PhoneCall, said: Sequence[str], then: str | None) -> VoiceResponse:
    """These words twice, as who listens has no paper; `then` the menu, or the line they stand in.

    Without it, as when it is closed: good-bye.
    """
    response = VoiceResponse()
    with force_locale(call.language):
        response.say(" ".join(said), language=_voice(call))
        response.pause(length=1)
        again = [words.once_more(), *said]
        response.say(" ".join(again if then else [*again, words.goodbye()]), language=_voice(call))
    if then:
        response.redirect(then, method=POST)
    else:
        response.hangup()
    return response


def _voice(call: PhoneCall) -> str:
    return words.VOICES[call.language]
