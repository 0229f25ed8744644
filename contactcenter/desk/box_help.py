"""What the help beside the search box shows: searches that can be tried, and what each finds."""

from datetime import timedelta

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.desk.box_words import ASKER, field_name, value_name
from contactcenter.languages import language, zone
from contactcenter.tickets.models import Channel, Status


def examples() -> list[tuple[str, str]]:
    """In the language of the page: (what is typed, what it finds)."""
    spoken = language()
    today = clock.now().astimezone(zone()).date()

    def typed(field: str, value: str) -> str:
        return f"{field_name(field, spoken)}:{value}"

    return [
        (_("avis d’impôt"), _("les textes qui ont ces mots")),
        (f'"{_("avis d’impôt")}"', _("ces mots, dans cet ordre")),
        (_("impôt -relevé"), _("le premier mot, sans le second")),
        (f"{today.year}-004512", _("une référence ; 4512 suffit")),
        (typed(ASKER, "vasseur"), _("ce que cette personne a demandé ; un numéro, une adresse"
                                    " ou une année de naissance conviennent aussi")),
        (typed("status", value_name("status", Status.OPEN, spoken)), _("selon l’état")),
        (typed("channel", value_name("channel", Channel.LETTER, spoken)), _("selon le canal")),
        (typed("assignee", value_name("assignee", "me", spoken)), _("ce qui est à votre nom")),
        (typed("opened_from", str(today - timedelta(days=7))), _("arrivées ce jour-là ou après")),
        (typed("opened_to", str(today)), _("arrivées avant ce jour")),
    ]  # fmt: skip
