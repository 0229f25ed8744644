"""Errors are logged without the rows they happened with."""

import pytest
from gunicorn.config import Config
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from contactcenter.db import db
from contactcenter.logs import Discreet
from servers.discreet_log import DiscreetLog

NAME = "Josette\nLambertin"
REFUSED = "INSERT INTO centres (code, name, mail_address) VALUES ('x', :name, '')"


def test_a_refused_row_is_not_quoted_in_the_log(app):
    with app.app_context(), pytest.raises(IntegrityError) as refused:
        db.session.execute(text(REFUSED), {"name": NAME})
    assert "Lambertin" in str(refused.value.orig)
    raised = (refused.type, refused.value, refused.tb)
    logged = Discreet().formatException(raised)
    assert "Lambertin" not in logged
    assert "NotNullViolation" in logged
    assert "[SQL: INSERT INTO centres" in logged


def test_the_logger_of_the_product_is_discreet(app):
    assert {type(handler.formatter) for handler in app.logger.handlers} == {Discreet}


def test_what_gunicorn_says_of_a_failed_request_names_nobody(caplog):
    log = DiscreetLog(Config())
    log.error_log.addHandler(caplog.handler)
    log.exception("Error handling request %s", "/tickets?q=Josette")  # noqa: LOG004 - as it does
    assert "Error handling request /tickets" in caplog.text
    assert "Josette" not in caplog.text
