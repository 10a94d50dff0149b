"""The embedded search engine; the only room that knows Whoosh."""

from kb.search.whoosh_engine.engine import WhooshEngine

__all__ = ["WhooshEngine"]
