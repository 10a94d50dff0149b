"""What a web server loads: ``app``, made from the environment."""

from kb.web.app import open_app

app = open_app()
