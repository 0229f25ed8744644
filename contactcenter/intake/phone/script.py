"""What a caller hears next: TwiML, read from what is known of the call and from nothing else.

The same request twice gives the same document, so a repeated webhook does no harm.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import force_locale
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from contactcenter.accounts.models import Centre
from contactcenter.directory.models import Line
from contactcenter.intake.phone import words
from contactcenter.intake.phone.menu import menu_of
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.intake.phone.waiting import Place
from contactcenter.languages import clock_time
from contactcenter.links import public_url
from contactcenter.queues.models import Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.steering.in_force import Said

MUSIC_TWICE = 2  # between two announcements while one waits: ten seconds each
KEY_SECONDS = 6
FAULT_SECONDS = 5
CALL_ME_KEY = "1"
TAKE_KEY = "1"
FOLLOW_KEY = "*"  # no menu uses it: its keys are digits
EVENTS = "start end join leave"
POST = "POST"


@dataclass(frozen=True)
class Scene:
    """A call with all that decides what is said; `opening` says when a closed line opens."""

    call: PhoneCall
    visit: Visit | None
    line: Line
    centre: Centre
    opening: str | None = None
    news: Said = field(default_factory=Said)  # what callers are told while a protocol is in force
    promise: datetime | None = None  # until when they are called back


def next_document(scene: Scene) -> VoiceResponse:
    """What the call does now, whichever of its addresses was asked."""
    with force_locale(scene.call.language):
        visit = scene.visit
        if visit is not None and visit.outcome is not None:
            return _after(scene, visit)
        if scene.call.accepted_at is not None:
            return _conference(scene.call)
        if scene.call.failed_at is not None:
            return _look_again(scene.call)
        if scene.call.queue_id is not None:
            return _queue(scene.call)
        return _menu(scene)


def wait_document(
    scene: Scene,
    place: Place | None,
    call_until: datetime | None = None,
    *,
    may_follow: bool = False,
) -> VoiceResponse:
    """What is heard in line; who is no longer in line is let out of it.

    By a key one asks to be called back by `call_until`, or, if one may, where a request stands.
    """
    response = VoiceResponse()
    with force_locale(scene.call.language):
        if scene.visit is None or scene.visit.outcome is not None:
            response.leave()
        elif scene.call.accepted_at is not None or place is None:
            _say(response, scene.call, [words.putting_through()])
            response.pause(length=2)
        else:
            said = [*scene.news.words, *words.place_and_wait(place.ahead, place.estimate)]
            offered = _offered(call_until, may_follow=may_follow)
            verb = _wait_key(scene.call) if offered else response
            _wait(verb, scene.call, [*said, *offered])
            if offered:
                response.append(verb)
    return response


def _offered(call_until: datetime | None, *, may_follow: bool) -> list[str]:
    """What the keys do while one waits."""
    called = [words.offer_call(CALL_ME_KEY, clock_time(call_until))] if call_until else []
    return [*called, *([words.offer_follow_up()] if may_follow else [])]


def _wait_key(call: PhoneCall) -> Gather:
    return Gather(
        input="dtmf",
        num_digits=1,
        timeout=1,
        action=of_leg("/phone/wait-key", call),
        method=POST,
    )


def _wait(verb: VoiceResponse | Gather, call: PhoneCall, said: Iterable[str]) -> None:
    _say(verb, call, said)
    verb.play(music(), loop=MUSIC_TWICE)


def unknown_line() -> VoiceResponse:
    response = VoiceResponse()
    response.say(words.no_such_line(), language=words.VOICES["fr"])
    response.hangup()
    return response


def hold_document(call: PhoneCall) -> VoiceResponse:
    """What is heard on hold, again and again."""
    response = VoiceResponse()
    with force_locale(call.language):
        _say(response, call, [words.on_hold()])
    response.play(music())
    return response


def conference_name(call: PhoneCall) -> str:
    """One for each leg: what is told late of an earlier one is known by its name."""
    return f"cc-{call.centre_id}-{call.id}-{call.leg}"


def of_leg(path: str, call: PhoneCall) -> str:
    """An address that is asked for this stay of the call, and for no later one."""
    return public_url(f"{path}?leg={call.leg}")


def conference_events() -> str:
    return public_url("/phone/conference-events")


def at(call: PhoneCall) -> str:
    """Where in the menu the call is: an answer to an earlier place is a repetition."""
    return f"{call.language}{call.silences}"


def _after(scene: Scene, visit: Visit) -> VoiceResponse:
    if visit.state is VisitState.SERVING and scene.call.ended_at is None:
        return _conference(scene.call)
    response = VoiceResponse()
    farewells: dict[Outcome, Callable[[], str]] = {
        Outcome.ANSWERED: words.goodbye,
        Outcome.CLOSED: lambda: words.closed(scene.opening),
        Outcome.FULL: words.full,
        Outcome.TIMEOUT: words.waited_too_long,
        Outcome.ERROR: words.went_wrong,
        Outcome.CALLBACK: lambda: words.call_promised(_spoken(scene.promise)),
    }
    if visit.outcome in farewells:
        _say(response, scene.call, [farewells[visit.outcome]()])
    if visit.outcome is Outcome.CLOSED and scene.call.ended_at is None:
        _offer_follow_up(response, scene.call)
    response.hangup()
    return response


def _offer_follow_up(response: VoiceResponse, call: PhoneCall) -> None:
    """Nobody has to be there for it."""
    gather = Gather(
        input="dtmf",
        num_digits=1,
        timeout=KEY_SECONDS,
        action=public_url(f"/phone/menu?at={at(call)}"),
        method=POST,
    )
    _say(gather, call, [words.offer_follow_up()])
    response.append(gather)


def _conference(call: PhoneCall) -> VoiceResponse:
    """The caller hears music until the agent is there; nobody's leaving ends it but ours."""
    dial = Dial(action=of_leg("/phone/over", call), method=POST)
    return _into_conference(call, dial, "citizen", begins_it=False)


def agent_document(call: PhoneCall) -> VoiceResponse:
    """Into the conference, on the agent's side."""
    return _into_conference(call, Dial(), "agent", begins_it=True)


def _into_conference(call: PhoneCall, dial: Dial, label: str, *, begins_it: bool) -> VoiceResponse:
    response = VoiceResponse()
    dial.conference(
        conference_name(call),
        participant_label=label,
        beep="false",
        start_conference_on_enter=begins_it,
        end_conference_on_exit=False,
        status_callback=conference_events(),
        status_callback_event=EVENTS,
        status_callback_method=POST,
    )
    response.append(dial)
    return response


def ask_to_take(call: PhoneCall, language: str) -> VoiceResponse:
    """Said twice to who picked up an agent's number; without the key it is hung up."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=1,
        timeout=KEY_SECONDS,
        action=public_url(f"/phone/post-key?conference={conference_name(call)}"),
        method=POST,
    )
    with force_locale(language):
        for _twice in range(2):
            gather.say(words.take_by_key(TAKE_KEY), language=words.VOICES[language])
            gather.pause(length=2)
    response.append(gather)
    response.hangup()
    return response


def too_late() -> VoiceResponse:
    """The caller is gone, or rings elsewhere."""
    response = VoiceResponse()
    response.hangup()
    return response


def _look_again(call: PhoneCall) -> VoiceResponse:
    """Their queue failed, or they hung up: who hears this is still there."""
    response = VoiceResponse()
    response.pause(length=FAULT_SECONDS)
    response.redirect(of_leg("/phone/left", call), method=POST)
    return response


def _queue(call: PhoneCall) -> VoiceResponse:
    response = VoiceResponse()
    response.enqueue(
        f"q-{call.centre_id}-{call.queue_id}",
        action=of_leg("/phone/left", call),
        method=POST,
        wait_url=of_leg("/phone/wait", call),
        wait_url_method=POST,
    )
    return response


def _menu(scene: Scene) -> VoiceResponse:
    call = scene.call
    menu = menu_of(scene.line, scene.centre, call.language)
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=1,
        timeout=KEY_SECONDS,
        action=public_url(f"/phone/menu?at={at(call)}"),
        method=POST,
        action_on_empty_result=True,
    )
    opening = words.not_understood() if call.silences else words.welcome(scene.line.name)
    _say(gather, call, [*([] if scene.news.replaces_menu else [opening]), *scene.news.words])
    for digit, language in menu.languages.items():
        with force_locale(language):
            gather.say(words.speak_this_language(digit), language=words.VOICES[language])
    if not scene.news.replaces_menu:  # the keys go on meaning what they mean
        offered = [words.choose(entry.label, entry.digit) for entry in menu.entries]
        _say(gather, call, [*offered, words.offer_follow_up()])
    response.append(gather)
    return response


def _spoken(until: datetime | None) -> str:
    return clock_time(until) if until else ""


def music() -> str:
    return public_url("/static/sounds/hold.wav")


def _say(verb: VoiceResponse | Gather, call: PhoneCall, sentences: Iterable[str]) -> None:
    said = " ".join(sentences)
    if said:
        verb.say(said, language=words.VOICES[call.language])
