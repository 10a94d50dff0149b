"""From a typed question to an answer: understanding, engines, passages, service."""
