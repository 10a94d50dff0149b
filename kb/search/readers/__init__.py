"""What understanding a question is made of: its syntax, places, years, departments, synonyms.

:mod:`kb.search.understand` stands above them and asks each in turn.
"""
