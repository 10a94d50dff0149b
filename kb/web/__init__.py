"""The web front end: routes that parse, ask and render; no database, no engine."""
