"""Whose request it is that a proxy hands on; the one room of werkzeug's ProxyFix."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def trust(app: Flask, hops: int) -> None:
    """Take the client's address and scheme from what the last `hops` proxies have added.

    Each proxy adds to the end of X-Forwarded-For whom it was asked by. What stands before the
    last `hops` entries the client may have written itself, and counts for nothing; with 0 hops
    the whole header does. The name of the site is left as it is asked for (KB_PUBLIC_URL).
    """
    if hops:
        fixed = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0)
        app.wsgi_app = fixed  # type: ignore[method-assign] # as werkzeug's manual shows it
