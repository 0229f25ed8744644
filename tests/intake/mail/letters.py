"""Mails written for the tests."""

from email.message import EmailMessage


def letter(
    body: str = "Bonjour", *, kind: str = "text/plain; charset=utf-8", **fields: str
) -> bytes:
    """A mail of Lina Petit; fields are named as in Python: `in_reply_to="<1@a.example>"`."""
    named = {
        "from": "Lina Petit <lina.petit@citoyen.example>",
        "to": "contact@centre.example",
        "subject": "Ma demande",
        "message_id": "<1@citoyen.example>",
        **{name.removesuffix("_"): value for name, value in fields.items()},
        "content_type": kind,
    }
    head = "\n".join(f"{name.replace('_', '-')}: {value}" for name, value in named.items())
    return f"{head}\n\n{body}".encode()


def pieces(*parts: str, kind: str = "mixed", **fields: str) -> bytes:
    """A mail in several parts, each with its own header."""
    body = "".join(f"--cut\n{part}\n" for part in parts) + "--cut--\n"
    return letter(body, kind=f"multipart/{kind}; boundary=cut", **fields)


TEXT = "Content-Type: text/plain; charset=utf-8\n\nBonjour"
PAGE = "Content-Type: text/html; charset=utf-8\n\n<p>Bonjour</p>"


def mail(
    text: str = "Bonjour, je n’ai pas reçu mon avis.",
    *,
    subject: str = "Avis",
    sender: str = "usager@citoyen.example",
    to: str = "contact@orme.example",
    **headers: str,
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    for name, value in {"Message_ID": "<premier@citoyen.example>", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()
