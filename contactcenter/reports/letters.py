"""The report that comes by mail: the few figures of a period, and the way to all of them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from flask_babel import gettext as _

from contactcenter.languages import date_of, duration
from contactcenter.links import public_url
from contactcenter.notices.letters import Letter
from contactcenter.queues.menu_calls import MenuCalls
from contactcenter.queues.tally import Share, Tally
from contactcenter.reports.overview import Overview
from contactcenter.reports.words import menu_calls, percent


def report(shown: Overview, timezone: str) -> Letter:
    """Counts and shares of everybody who came: no name, no request."""
    start, end = shown.period.bounds(timezone)
    title = _(
        "%(what)s, du %(first)s au %(last)s",
        what=shown.queue.name if shown.queue else _("Toutes les files du centre"),
        first=date_of(start),
        last=date_of(end - timedelta(seconds=1)),
    )
    queue = f"&queue={shown.queue.id}" if shown.queue else ""
    link = public_url(f"/reports?period={shown.period.kind}&day={shown.period.first}{queue}")
    lines = [
        title,
        "",
        *_figures(shown.now, shown.before),
        *_waits(shown),
        *_in_menus(shown.menus),
        "",
        _("Le rapport entier, et pour ne plus le recevoir : %(link)s", link=link),
        "",
    ]
    return Letter(title, "\n".join(lines))


def _figures(now: Tally, before: Tally) -> Iterator[str]:
    """One line each, with the same figure of the period before."""
    yield _line(_("Visites"), str(now.offered), str(before.offered))
    yield _line(_("Servies"), str(now.answered), str(before.answered))
    yield _line(_("Servies à temps"), _share(now.on_time), _share(before.on_time))
    yield _line(_("Parties avant leur tour"), _share(now.abandonment), _share(before.abandonment))
    yield _line(_("Jamais servies"), _share(now.lost), _share(before.lost))


def _waits(shown: Overview) -> Iterator[str]:
    means = _mean(shown.now.asa_seconds), _mean(shown.before.asa_seconds)
    if shown.is_mixed:
        yield _line(_("Attente moyenne au guichet et au téléphone"), *means)
    else:
        yield _line(_("Attente moyenne des servies"), *means)


def _in_menus(menus: Sequence[MenuCalls]) -> Iterator[str]:
    """Of the calls of the whole centre, who reached no queue."""
    if not any(each.came for each in menus[:2]):
        return
    for name, words in menu_calls().items():
        now, before = (str(each.counts[name]) for each in menus[:2])
        yield _line(words, now, before)


def _line(name: str, now: str, before: str) -> str:
    return _("%(name)s : %(now)s (période d’avant : %(before)s)", name=name, now=now, before=before)


def _share(share: Share) -> str:
    counts = _("%(part)d sur %(whole)d", part=share.part, whole=share.whole)
    return f"{percent(share.share)}, {counts}"


def _mean(seconds: float | None) -> str:
    return "–" if seconds is None else duration(seconds)
