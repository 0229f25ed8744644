"""Forms of the telephone page. Each keeps what was typed and says what to do."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TelField, TextAreaField
from wtforms.validators import Length


class SaidForm(FlaskForm):
    """What was said during a call."""

    text = TextAreaField(
        _l("Ce qui a été dit"),
        [Length(max=10_000, message=_l("Ce texte est trop long : gardez l’essentiel."))],
    )


class PostForm(FlaskForm):
    """The telephone that is rung for an agent."""

    number = TelField(
        _l("Téléphone à faire sonner"), [Length(max=40)], render_kw={"autocomplete": "tel"}
    )
