"""Test clients: pages that review themselves, forms filled as a browser does, and the JSON door."""

import re
from typing import Any

from flask import Flask, has_app_context, session
from flask.testing import FlaskClient

from app.core.db import transaction
from app.web.guard import csrf_token
from tests.support import factories as make
from tests.support.cast import Person
from tests.support.page import Page, review_once

TOKEN = re.compile(r'name="csrf(?:-token" content|_token" value)="([^"]+)"')


class PageClient(FlaskClient):
    """Opens pages as a browser without script. Every page is reviewed; ``answer.page`` is its tree."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if has_app_context():
            raise RuntimeError("a context kept open gives one person's identity to the next: leave it first")
        answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html" and answer.get_data() and answer.location is None:
            answer.page = Page(answer.get_data(as_text=True))
            review_once(answer.page)
        return answer

    def token(self, on: str = "") -> str:
        """The CSRF token: read from a page, or as any page of the same session would bear it."""
        if on:
            return str(TOKEN.findall(self.get(on, follow_redirects=True).text)[0])
        with self.session_transaction() as kept, self.application.test_request_context():
            session.update(kept)
            made = csrf_token()
            kept["csrf_token"] = session["csrf_token"]
        return made

    def send(self, path: str, fields: dict[str, Any] | None = None, on: str | None = None, **kwargs: Any) -> Any:
        """Post fields to an address, with the token of a page: the address itself by default, none for ``on=""``."""
        data = {"csrf_token": self.token(path if on is None else on), **(fields or {})}
        return self.post(path, data=data, **kwargs)

    def submit(self, path: str, fields: dict[str, Any] | None = None, action: str | None = None, **kwargs: Any) -> Any:
        """Open a page, fill its form (the one with this ``action``, else the last of the main part), send it."""
        form = self.get(path).page.form(action)
        return self.post(form.action or path, data={**form.fields, **(fields or {})}, **kwargs)


class ApiClient(FlaskClient):
    """The JSON door with a bearer token; ``secret`` opens sockets too."""

    secret = ""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if has_app_context():
            raise RuntimeError("a context kept open gives one person's identity to the next: leave it first")
        if args and isinstance(args[0], str):
            kwargs["headers"] = {"Authorization": f"Bearer {self.secret}", **dict(kwargs.get("headers") or {})}
            if not args[0].startswith("/api/"):
                args = (f"/api/v1{args[0]}", *args[1:])
        return super().open(*args, **kwargs)


def visitor(app: Flask) -> PageClient:
    """Somebody who is not signed in."""
    return PageClient(app, app.response_class, use_cookies=True)


def client_of(app: Flask, person: Person, *, shared: bool = False) -> PageClient:
    """A browser that a person is signed in with."""
    client = visitor(app)
    with app.app_context(), transaction():
        _row, secret = make.make_session(person.account_id, shared)
    with client.session_transaction() as session:
        session["_user_id"] = secret
        session["_fresh"] = True
    return client


def api_of(app: Flask, person: Person) -> ApiClient:
    """A program that has a person's key."""
    client = ApiClient(app, app.response_class, use_cookies=False)
    with app.app_context(), transaction():
        _row, client.secret = make.make_token(person.account_id)
    return client
