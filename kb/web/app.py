"""Builds the web application from the services it stands on."""

import hashlib
from functools import partial
from pathlib import Path

from flask import Flask, Response, request
from flask.json.provider import DefaultJSONProvider
from jinja2 import StrictUndefined

from kb.catalogue.accounts.service import Accounts
from kb.catalogue.bulk.service import BulkDesk
from kb.catalogue.casebooks.service import Casebooks
from kb.catalogue.editing.service import Editing
from kb.catalogue.editions.service import Editions
from kb.catalogue.history.service import History
from kb.catalogue.jobs.incoming import FOLDER as INCOMING
from kb.catalogue.jobs.incoming import Incoming
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.lists import Lists
from kb.catalogue.local_names.service import LocalNames
from kb.catalogue.merging.service import Merging
from kb.catalogue.names import NameReader
from kb.catalogue.originals import Originals
from kb.catalogue.questions.known import QuestionReader
from kb.catalogue.questions.log import AskedLog
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.review.service import Curation
from kb.catalogue.session import Database
from kb.catalogue.together.service import Together
from kb.catalogue.worklist.service import Worklist
from kb.confined import Limits
from kb.domain.clock import Clock, today
from kb.domain.rights import Audience
from kb.pdfium import Pdfium
from kb.pdfium.page_images import FOLDER, PageImages, forget_kept
from kb.search.gazetteers import KeptGazetteer
from kb.search.place_words import PlaceWords
from kb.search.query import Facet, Scope, Sort
from kb.search.service import open_service
from kb.settings import Settings, from_environment, secret_key
from kb.web import (
    about,
    addresses,
    api,
    browse,
    cases,
    display,
    documents,
    errors,
    front_door,
    outline,
    page_images,
    page_text,
    proxies,
    search,
    suggest,
    texts,
)
from kb.web.asking_log import AskingLog
from kb.web.curation import (
    audit_log,
    bulk,
    case_pages,
    case_takedown,
    casebook_pages,
    editing,
    editions,
    history,
    intake_pages,
    lists,
    local_names,
    merging,
    review,
    review_form,
    rights_pages,
    synonym_pages,
    together,
    uploading,
    worklist,
)
from kb.web.curation import questions as curation_questions
from kb.web.curation import start as curation
from kb.web.curation.intake_desk import SeminarDesk
from kb.web.curation.synonym_service import open_synonyms
from kb.web.curation.upload_desk import UploadDesk
from kb.web.services import Services

MAX_REQUEST_BYTES = 1024 * 1024
"""No form of this site sends more; uploads set their own limit."""

DRAWING_SECONDS = 15.0
"""What drawing one page may take; a page of a report takes 0.06."""

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Nothing inline is allowed, so a text that got past the escaping could still run no script."""


def open_app(settings: Settings | None = None, today: Clock = today) -> Flask:
    """The application over the installation that `settings` (or the environment) describe.

    `today` tells the day on which rights are asked.

    Opens neither catalogue nor index: what is missing is told by ``/readyz`` and the pages.

    Raises:
        SearchUnavailable: there is no such search engine.
        BadSetting: the originals' store cannot be used.
    """
    settings = settings or from_environment()
    database = Database(settings.database_url, today, two_person=settings.two_person)
    originals = Originals(settings.originals_dir)
    pdfium = Pdfium(Limits(DRAWING_SECONDS, settings.extract_memory_mb))
    incoming = Incoming(settings.data_dir / INCOMING)
    uploads = _upload_desk(settings, database, incoming)
    places = KeptGazetteer(NameReader(database).places)
    forget = partial(forget_kept, settings.data_dir)
    asking = AskingLog(AskedLog(settings.database_url)) if settings.query_log else None
    answers = open_service(database, settings.search_url, data_dir=settings.data_dir)
    app = create_app(
        Services(
            answers,
            CatalogueReader(database),
            originals,
            _page_images(settings, pdfium, originals),
            accounts=Accounts(database),
            questions=QuestionReader(database),
            asking=asking,
            uploads=uploads,
            editing=Editing(database, places),
            bulk=BulkDesk(database),
            intakes=SeminarDesk(database, incoming),
            history=History(database, forget),
            merging=Merging(database),
            casebooks=Casebooks(database),
            editions=Editions(database),
            synonyms=open_synonyms(database, settings.search_url, settings.data_dir, answers),
            lists=Lists(database),
            local_names=LocalNames(database, places, PlaceWords()),
            worklist=Worklist(database, forget),
            curation=Curation(database, places, forget),
            together=Together(database, places),
        ),
        public_url=settings.public_url,
        secret_key=secret_key(settings),
        audience=Audience(settings.audience),
        anonymous=settings.anonymous,
    )
    proxies.trust(app, settings.trusted_proxies)
    app.config["KB_QUERY_LOG_DAYS"] = settings.query_log_days if asking else None
    closing = (asking.close,) if asking else ()
    app.extensions["kb.opened"] = (*closing, database.close, pdfium.close)
    return app


def _page_images(settings: Settings, pdfium: Pdfium, originals: Originals) -> PageImages:
    folder, most_bytes = settings.data_dir / FOLDER, settings.image_cache_mb * 1024 * 1024
    return PageImages(folder, pdfium, originals.path, most_bytes)


def _upload_desk(settings: Settings, database: Database, incoming: Incoming) -> UploadDesk:
    most_bytes, alone = settings.max_upload_mb * 1024 * 1024, settings.two_person
    return UploadDesk(JobQueue(database), incoming, most_bytes, drafts_only=alone)


def close_app(app: Flask) -> None:
    """Let go of what :func:`open_app` opened, before the process ends."""
    for close in app.extensions["kb.opened"]:
        close()


def create_app(
    services: Services,
    *,
    public_url: str | None,
    secret_key: str,
    audience: Audience,
    anonymous: bool = True,
) -> Flask:
    """The application; it opens nothing but its own templates and static files.

    Args:
        services: what routes ask.
        public_url: the address readers know the site by, or None to tell from the request.
        secret_key: signs what a form carries back.
        audience: who everybody is taken for who has not signed in.
        anonymous: whether one may read without having signed in.
    """
    app = Flask(
        __name__,
        template_folder=str(_folder("templates")),
        static_folder=str(_folder("static")),
        static_url_path="/static",
    )
    app.config.update(
        SECRET_KEY=secret_key,
        KB_AUDIENCE=audience,
        KB_ANONYMOUS=anonymous,
        KB_PUBLIC_URL=public_url.rstrip("/") if public_url else None,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
    )
    if isinstance(app.json, DefaultJSONProvider):
        # Read by people too: Japanese as itself, fields in the contract's order.
        app.json.ensure_ascii = app.json.sort_keys = False
    app.extensions["kb"] = services
    # Before every check: each of them may read the form that is sent.
    app.before_request(uploading.allow_large)
    app.before_request(bulk.allow_large)
    app.before_request(intake_pages.allow_large)
    for room in (
        *(about, api, browse, bulk, cases, curation),
        intake_pages,
        *(curation_questions, documents, search, suggest, together, uploading),
        *(case_pages, editing, merging, review, rights_pages),
        *(case_takedown, casebook_pages, editions),
        *(audit_log, history, lists, local_names, synonym_pages, worklist),
    ):
        app.register_blueprint(room.blueprint)
    errors.register(app)
    app.after_request(merging.lead_on)
    _prepare_templates(app)
    app.after_request(_headers)
    # An answer passes these in the other order: first what is private, then what is usual.
    front_door.register(app)
    return app


def _folder(name: str) -> Path:
    """In a wheel the folder lies beside this module, in a checkout at its top."""
    packaged = Path(__file__).parent / name
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / name


def _prepare_templates(app: Flask) -> None:
    versions = _asset_versions(_folder("static"))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        Facet=Facet,
        Scope=Scope,
        Sort=Sort,
        absolute=about.absolute,
        asset=lambda name: f"/static/{name}?v={versions[name]}",
        bookmarks=outline.tree,
        display=display,
        effect_terms=review_form.STATED,
        images=page_images,
        marked=page_text.marked,
        texts=texts,
        to=addresses,
    )


def _asset_versions(folder: Path) -> dict[str, str]:
    """File name -> digest, so that a new version is fetched at once and an old one is kept."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def _headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        lasting = "public, max-age=31536000, immutable"
        response.headers["Cache-Control"] = lasting if "v" in request.args else "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
