"""Plausible sentences over the demo's topics: the right topic or none, and mostly the right one."""

import pytest

from contactcenter.demo.plans import read_plan
from contactcenter.triage.naming import indexed, named_by, topic_named
from contactcenter.triage.rules import Case, plain
from contactcenter.triage.stems import phrases, stemmed

pytestmark = pytest.mark.usefixtures("in_centre")

SAID = {
    "fr": {
        "Je dois changer l'adresse de ma carte grise.": "vehicle-address",
        "J'ai déménagé, comment mettre la bonne adresse sur ma carte grise ?": "vehicle-address",
        "On m'a volé ma voiture et la carte grise volée était dedans.": "vehicle-duplicate",
        "J'ai acheté une voiture d'occasion, que faire pour la carte grise ?": "vehicle-used",
        "Comment refaire la carte d'identité de mon enfant ?": "identity-card-child",
        "Mon passeport arrive à son terme, comment le refaire ?": "passport",
        "Je ne peux pas payer mes impôts en une fois, puis-je payer en plusieurs fois ?": (
            "payment-plan"
        ),
        "Je demande une pension de réversion après le décès de mon mari.": "survivor",
        "J'ai perdu ma carte Vitale dans le train.": "health-card",
        "Mon relevé de carrière est faux : il y a des trimestres manquants.": "career",
        "Mon ex-mari ne paie plus la pension alimentaire depuis mai.": "alimony",
        "Pourquoi mon allocation de logement familiale a-t-elle baissé ?": "housing-alf",
        "Je voudrais l'aide juridictionnelle, je n'ai pas d'argent pour un avocat.": "legal-aid",
        "Ma première déclaration de revenus, par où commencer ?": "first-return",
        "C'est pour la retraite agricole de mon père.": "pension",
    },
    "nl": {
        "Ik moet het adres op mijn kentekenbewijs wijzigen.": "vehicle-address",
        "Mijn kentekenbewijs is gestolen, wat moet ik doen?": "vehicle-duplicate",
        "Ik heb een tweedehands auto gekocht en wil het kentekenbewijs.": "vehicle-used",
        "Mijn rijbewijs is verloren gegaan, hoe krijg ik een nieuw?": "driving-licence-lost",
        "Hoe vraag ik een reispas aan?": "passport",
        "Ik wil mijn pensioen aanvragen als ik vijfenzestig ben.": "claim",
        "Mijn man is overleden, heb ik recht op een overlevingspensioen?": "survivor",
        "Ik vraag een afbetalingsplan voor mijn belastingen.": "payment-plan",
        "Waarom is mijn werkloosheidsuitkering lager dan vorige maand?": "allowance",
        "Ik heb een uittreksel uit het strafregister nodig.": "criminal-record",
        "De alimentatie voor mijn kinderen komt niet meer.": "alimony",
        "Mijn pakje is als vermist gemeld door de postbode.": "parcel",
        "Ik wil mijn loopbaanoverzicht laten verbeteren.": "career",
    },
    "en": {
        "I need to change the address on my vehicle registration.": "vehicle-address",
        "My passport will be out of date next month.": "passport",
        "I lost my licence, is a stolen or lost licence replaced for free?": "driving-licence-lost",
        "What do I need for the vehicle registration of a used car?": "vehicle-used",
        "I cannot pay everything at once, may I pay in instalments?": "payment-plan",
        "Are you able to help me with my pension claim?": "claim",
        "I am a widow, is there a survivor pension for me?": "survivor",
        "There are missing quarters in my career statement.": "career",
        "My housing benefit was not paid this month.": "housing-apl",
        "I would like a copy of my criminal record.": "criminal-record",
        "My parcel never came, where is it?": "parcel",
        "I am on sick leave and wait for my sick pay.": "sick-leave",
        "He does not pay child maintenance any more.": "alimony",
    },
    "de": {
        "Ich muss die Adresse in meiner Zulassung ändern.": "vehicle-address",
        "Ich habe einen Gebrauchtwagen gekauft, wie geht das mit der Zulassung?": "vehicle-used",
        "Mein Führerschein ist verloren gegangen.": "driving-licence-lost",
        "Mein Reisepass läuft bald ab.": "passport",
        "Ich möchte meine Steuern in Raten zahlen.": "payment-plan",
        "Ich möchte meine Rente beantragen, wann soll ich das tun?": "claim",
        "Nach dem Tod meines Mannes frage ich nach der Witwenrente.": "survivor",
        "In meinem Versicherungsverlauf gibt es fehlende Zeiten.": "career",
        "Wann wird mein Wohngeld ausgezahlt?": "housing-apl",
        "Ich brauche ein Führungszeugnis für meine neue Stelle.": "criminal-record",
        "Mein Paket ist nicht angekommen.": "parcel",
        "Wann kommt mein Krankengeld während der Krankschreibung?": "sick-leave",
        "Der Vater zahlt keinen Unterhalt mehr.": "alimony",
    },
}
UNCLEAR = {
    "Bonjour, je vous ai écrit la semaine passée et je suis toujours sans nouvelles.": "fr",
    "J'ai perdu mon passeport et ma carte Vitale.": "fr",
    "Mon passeport et mon colis sont perdus, et on me doit une prime d'activité.": "fr",
    "Ik kom langs als jullie morgen open zijn.": "nl",
    "Mijn pakje en mijn reispas zijn weg.": "nl",
    "Are you open tomorrow, and where are you?": "en",
    "I need a passport and legal aid.": "en",
    "Als Kunde habe ich eine Frage an Sie.": "de",
    "Ich frage nach meinem Paket und nach dem Wohngeld.": "de",
}


def listed(topic):
    yield from ((label, language) for language, label in topic.label.model_dump().items())
    for language, words in topic.synonyms.model_dump().items():
        yield from ((word, language) for word in words)


@pytest.fixture
def about():
    """What a request is about, by the code of the topic."""
    topics = {topic.code: phrases(listed(topic)) for topic in read_plan("val-dorme").topics}
    index = indexed(topics)

    def read(text, language):
        said = plain(text)
        case = Case(said, "email", language=language, stemmed=stemmed(said))
        code = topic_named(named_by(index, case))
        return code and code.partition(".")[2]

    return read


@pytest.mark.parametrize("language", SAID)
def test_a_request_is_about_the_topic_it_says_most_exactly(about, language):
    read = {text: about(text, language) for text in SAID[language]}
    wrong = {text: code for text, code in read.items() if code not in (None, SAID[language][text])}
    assert wrong == {}
    assert [text for text, code in read.items() if code is None] == []


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_request_that_says_none_or_two_alike_has_no_topic(about, text):
    assert about(text, UNCLEAR[text]) is None
