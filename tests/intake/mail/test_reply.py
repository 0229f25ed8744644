"""The words of today are shown, those quoted around them are not; nothing new is ever hidden."""

import pytest

from contactcenter.intake.mail import reply

NEW = "Bonjour,\n\nVoici mon bail.\n\nCordialement,\nLina Petit"
OLD = "Madame,\nMerci de nous envoyer votre bail.\nLe service"
QUOTED = "\n".join(f"> {line}" for line in OLD.splitlines())


@pytest.mark.parametrize(
    "heading",
    [
        "Le 17/11/2026 à 10:14, Accueil a écrit :",
        "Le mar. 17 nov. 2026 à 10:14, Accueil <contact@centre.example>\na écrit\u00a0:",
        "Le mardi 17 novembre 2026 à 10:14:05 UTC+1, Accueil\n<contact@centre.example> a écrit :",
        "Le 2026-11-17 10:14, Accueil a écrit :",
        "Op di 17 nov 2026 om 10:14 schreef Onthaal <contact@centre.example>:",
        "Op 17 nov. 2026 om 10:14 heeft Onthaal\n<a@centre.example> het volgende geschreven:",
        "Am 17.11.2026 um 10:14 schrieb Empfang:",
        "Am Di., 17. Nov. 2026 um 10:14 Uhr schrieb Empfang <\ncontact@centre.example>:",
        "On Tue, Nov 17, 2026 at 10:14 AM Desk <contact@centre.example> wrote:",
        "2026-11-17 10:14 GMT+01:00 Accueil <contact@centre.example>:",
    ],
)
@pytest.mark.parametrize("old", [OLD, QUOTED])
def test_what_someone_wrote_is_left_out(heading, old):
    assert reply.visible(f"{NEW}\n\n{heading}\n\n{old}") == NEW


@pytest.mark.parametrize(
    "heading",
    [
        "De : Accueil <contact@centre.example>\nEnvoyé : mardi 17 novembre 2026 10:14\n"
        "À : Lina\nObjet : Avis",
        "________________________________\nDe: Accueil\nEnvoyé: mardi 17 novembre 2026 10:14\n"
        "À: Lina\nObjet: Avis",
        "-----Message d'origine-----\nDe : Accueil\nObjet : Avis",
        "-----Message d’origine-----",
        "----- Mail original -----\nDe: Accueil\nÀ: Lina\nEnvoyé: 17/11/2026 10:14\nObjet: Avis",
        "-------- Message transféré --------\nSujet : Avis\nDe : Accueil",
        "*De :* Accueil <contact@centre.example>\n*Date :* 17/11/2026\n*Objet :* Avis",
        "envoyé : 17 novembre 2026 à 10:14\nde : Accueil\nà : Lina\nobjet : Avis",
        "Van: Onthaal <contact@centre.example>\nVerzonden: 17-11-2026 10:14\nOnderwerp: Vraag",
        "----- Oorspronkelijk bericht -----",
        "Gesendet: 17. November 2026 um 10:14 Uhr\nVon: Empfang\nBetreff: Ihr Antrag",
        "-----Ursprüngliche Nachricht-----",
        "From: Desk <contact@centre.example>\nSent: Tuesday, November 17, 2026\nSubject: Notice",
        "##- Veuillez répondre au-dessus de cette ligne -##",
    ],
)
def test_a_copied_header_begins_the_quote(heading):
    assert reply.visible(f"{NEW}\n\n{heading}\n\n{OLD}") == NEW


@pytest.mark.parametrize(
    "line",
    [
        "Envoyé de mon iPhone",
        "Envoyé depuis l'application Mail Orange",
        "Télécharger Outlook pour iOS<https://outlook.example>",
        "Verstuurd vanaf mijn iPad",
        "Von meinem Handy gesendet.",
        "Gesendet mit der GMX Mail App",
        "Sent from my phone",
        "-- \nLina Petit\n06 39 98 00 01",
    ],
)
def test_a_signature_is_left_out(line):
    assert reply.visible(f"{NEW}\n\n{line}\n\n{QUOTED}") == NEW


@pytest.mark.parametrize(
    "text",
    [
        "Le bail est joint.\n\nLe 12 mars, votre agent m'a écrit :\n\n« Venez demain. »",
        "Le 3 mars 2026 j'ai déménagé.\nVous avez écrit : venez.\n\nJ'attends.",
        "De : 12 rue des Lilas, Lille\nÀ : 3 rue des Roses, Lyon\nObjet : déménagement\n\nMerci",
        "Envoyé par la poste le 3 mars, mon dossier n'arrive pas.\n\nQue faire ?",
        "Objet : congé\n- un point\n- un autre\n\nDate : demain",
        "On the one hand, I wrote:\n\nnothing yet",
        "2026-11-17 10:14\n17/11/2026 10:14\n\nVoilà mes heures",
        "Op 3 maart 2026 heb ik dit geschreven\n\nen dan?",
    ],
)
def test_a_letter_that_looks_like_a_quote_stays_whole(text):
    assert reply.visible(text) == text


def test_a_name_under_the_closing_formula_stays():
    assert reply.visible(NEW).endswith("Lina Petit")


def test_an_answer_below_the_quote_stays_with_its_question():
    text = "Le 17/11/2026 à 10:14, Accueil a écrit :\n> Votre adresse ?\n\n12 rue des Lilas"
    assert reply.visible(text) == text


def test_answers_between_quoted_lines_stay_with_their_questions():
    text = (
        "Le 17/11/2026 à 10:14, Accueil a écrit :\n"
        "> Votre adresse ?\n12 rue des Lilas\n> Votre date de naissance ?\nLe 3 mars 1980"
    )
    assert reply.visible(f"{text}\n\nEnvoyé de mon iPhone") == text


def test_a_quoted_line_that_was_wrapped_is_no_answer():
    long = (
        "> Nous avons bien reçu votre demande du 3 mars et nous vous remercions de\nvotre patience"
    )
    text = f"{NEW}\n\nLe 17/11/2026 à 10:14, Accueil a écrit :\n{long}\n> Le service"
    assert reply.visible(text) == NEW


@pytest.mark.parametrize("mark", ["", "> "])
def test_a_forwarded_mail_is_shown_itself(mark):
    lines = [
        "---------- Message transféré ---------",
        "De : Impôts <avis@dgfip.example>",
        "Date : 17/11/2026 10:14",
        "Objet : Avis",
        "",
        "Vous devez 12 euros.",
    ]
    assert reply.visible("\n".join(mark + line for line in lines)) == "Vous devez 12 euros."


def test_a_comment_above_a_forwarded_mail_is_what_is_new():
    text = "Que veut dire ceci ?\n\nDébut du message réexpédié :\n\nDe: Impôts\nObjet: Avis"
    assert reply.visible(text) == "Que veut dire ceci ?"


def test_a_mail_of_quotes_only_says_nothing():
    assert reply.visible(QUOTED) == ""


def test_the_page_decides_when_the_text_shows_no_quote():
    page = "<div>Voici mon bail.</div><blockquote type='cite'>Madame, votre bail</blockquote>"
    assert reply.visible("Voici mon bail.\nMadame, votre bail", page) == "Voici mon bail."


def test_the_text_decides_when_it_shows_the_quote():
    assert reply.visible(f"Oui.\n\n{QUOTED}", "<p>Autre chose</p>") == "Oui."
