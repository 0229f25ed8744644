"""Citizens who write by mail, and answer what the centre wrote to them."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr

from contactcenter.rehearsal.agenda import Agenda
from contactcenter.rehearsal.ledger import Ledger
from contactcenter.rehearsal.post import compose, continue_from, deliver
from contactcenter.rehearsal.words import Citizen, Letter, Words

REMEMBERED = 300
MOST_ANSWERS = 2
SAYS_MORE = 0.4
ANSWERS = 0.55
IS_AWAY = 0.05
LONGEST_QUOTE = 1500


@dataclass
class Thread:
    """What a citizen wrote about and how often they answered."""

    citizen: Citizen
    letter: Letter
    answered: int = 0
    seen: set[str] = field(default_factory=set)


class Correspondence:
    """Every citizen who wrote, by address, so that they can answer."""

    def __init__(self, words: Words, agenda: Agenda, ledger: Ledger, door: tuple[str, int]) -> None:
        self._words = words
        self._agenda = agenda
        self._ledger = ledger
        self._door = door
        self._threads: OrderedDict[str, Thread] = OrderedDict()

    def write(self) -> Callable[[], None]:
        """Somebody new writes: the act that hands their letter over."""
        letter = self._words.letter()
        citizen = self._words.citizen(letter.language)
        self._remember(Thread(citizen, letter))
        text = letter.text.format(name=citizen.name)
        mail = compose(_sender(citizen), letter.mailbox, letter.subject, text)
        if letter.more and self._words.dice.random() < SAYS_MORE:
            self._agenda.after(self._words.dice.uniform(30, 90), self._more(mail, citizen, letter))
        return self._hand_over(mail, letter.mailbox)

    def read(self, address: str, mail: EmailMessage) -> None:
        """The centre wrote to a citizen: some answer, once they have read it."""
        thread = self._threads.get(address)
        name = str(mail["Message-ID"])
        if thread is None or name in thread.seen:
            return
        thread.seen.add(name)
        if mail["Auto-Submitted"] is not None or thread.answered >= MOST_ANSWERS:
            return
        dice = self._words.dice
        if dice.random() < IS_AWAY:
            self._agenda.after(2, self._away(thread, mail))
        elif dice.random() < ANSWERS:
            thread.answered += 1
            self._agenda.after(dice.uniform(40, 150), self._answer(thread, mail))

    def _remember(self, thread: Thread) -> None:
        self._threads[thread.citizen.email] = thread
        while len(self._threads) > REMEMBERED:
            self._threads.popitem(last=False)

    def _more(self, first: EmailMessage, citizen: Citizen, letter: Letter) -> Callable[[], None]:
        mail = compose(
            _sender(citizen),
            letter.mailbox,
            f"Re: {letter.subject}",
            letter.more,
            letter.attachment,
        )
        continue_from(mail, str(first["Message-ID"]))
        return self._hand_over(mail, letter.mailbox)

    def _answer(self, thread: Thread, ours: EmailMessage) -> Callable[[], None]:
        language = thread.letter.language
        wants_paper = _text(ours).split("\n")[2:3] == self._paper_line(language)
        text = self._words.say("with_paper" if wants_paper else "thanks", language)
        if thread.answered == 1 and thread.letter.answer and not wants_paper:
            text = thread.letter.answer
        mail = _reply(thread.citizen, ours, f"{text}\n\n{_quoted(ours)}", paper=wants_paper)
        return self._hand_over(mail, str(mail["To"]))

    def _paper_line(self, language: str) -> list[str]:
        return self._words.say("paper", language).split("\n")[2:3]

    def _away(self, thread: Thread, ours: EmailMessage) -> Callable[[], None]:
        subject, text = self._words.away(thread.letter.language)
        mail = _reply(thread.citizen, ours, text)
        mail.replace_header("Subject", subject)
        mail["Auto-Submitted"] = "auto-replied"
        return self._hand_over(mail, str(mail["To"]))

    def _hand_over(self, mail: EmailMessage, to: str) -> Callable[[], None]:
        def hand_over() -> None:
            deliver(mail, to, self._door)
            self._ledger.accepted("mail", str(mail["Message-ID"]).strip("<>"))

        return hand_over


def _sender(citizen: Citizen) -> str:
    return formataddr((citizen.name, citizen.email))


def _reply(citizen: Citizen, ours: EmailMessage, text: str, *, paper: bool = False) -> EmailMessage:
    """An answer to what the centre wrote, to the address it asked for."""
    subject = str(ours["Subject"])
    mail = compose(
        _sender(citizen),
        _address(str(ours["Reply-To"] or ours["From"])),
        subject if subject.startswith("Re:") else f"Re: {subject}",
        text,
        "justificatif.pdf" if paper else "",
    )
    continue_from(mail, str(ours["Message-ID"]), str(ours["References"] or ""))
    return mail


def _address(written: str) -> str:
    return written.rpartition("<")[2].rstrip("> ")


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def _quoted(mail: EmailMessage) -> str:
    lines = _text(mail)[:LONGEST_QUOTE].strip().splitlines()
    return "\n".join(f"> {line}" for line in lines)
