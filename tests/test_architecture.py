"""The arrows of the house, read from the imports themselves, also inside functions."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = (
    *("kb.web", "kb.search", "kb.catalogue", "kb.japanese", "kb.domain", "kb.settings"),
    *("kb.pdfium", "kb.confined"),
)

# From a room to the rooms it may import; a dict value names the only files that may.
ANY = ("*",)
ARROWS: dict[str, dict[str, tuple[str, ...]]] = {
    "wsgi": {"kb.web": ANY},
    "kb.web": {
        "kb.search": ANY,
        "kb.catalogue": ANY,
        "kb.domain": ANY,
        "kb.settings": ("kb/web/app.py",),
        "kb.pdfium": ANY,
        "kb.confined": ("kb/web/app.py",),
    },
    "kb.search": {
        "kb.catalogue": (
            *("kb/search/service.py", "kb/search/results.py", "kb/search/naming.py"),
            "kb/search/similar.py",
        ),
        "kb.japanese": ANY,
        "kb.domain": ANY,
    },
    "kb.catalogue": {"kb.domain": ANY},
    "kb.pdfium": {"kb.confined": ANY},
    "kb.confined": {},
    "kb.domain": {},
    "kb.japanese": {},
    "kb.settings": {},
    "indexer": {
        "kb.search": ANY,
        "kb.catalogue": ANY,
        "kb.japanese": ANY,
        "kb.domain": ANY,
        "kb.confined": ANY,
        "kb.pdfium": ANY,
        "kb.settings": ("indexer/cli/opening.py",),
        "kb.web": ("indexer/cli/__init__.py",),
    },
}
# One outside library, one room.
LIBRARIES = {
    "whoosh": ("kb/search/whoosh_engine/",),
    "sudachipy": ("kb/japanese/tokenise.py",),
    "pdfminer": ("indexer/extract/",),
    "sqlalchemy": ("kb/catalogue/",),
    "alembic": ("kb/catalogue/",),
    "flask": ("kb/web/",),
    "werkzeug": ("kb/web/",),
    "click": ("indexer/cli/",),
    "waitress": ("indexer/serving.py",),
    "filelock": ("kb/search/whoosh_engine/",),
    "numpy": ("kb/search/",),
    "pypdfium2": ("kb/pdfium/",),
    "PIL": ("kb/pdfium/",),
    "lxml": ("indexer/extract/",),
    "rensa": ("indexer/likeness.py",),
    "argon2": ("kb/catalogue/accounts/passwords.py",),
    "flask_login": ("kb/web/sessions.py",),
    "flask_wtf": ("kb/web/csrf.py",),
    "flask_limiter": ("kb/web/throttle.py",),
    "limits": ("kb/web/throttle.py",),
    "itsdangerous": ("kb/web/kept.py",),
}
FILES = sorted([*ROOT.glob("kb/**/*.py"), *ROOT.glob("indexer/**/*.py"), ROOT / "wsgi.py"])


def room_of(name: str) -> str | None:
    """The room a dotted name lies in."""
    if name == "indexer" or name.startswith("indexer."):
        return "indexer"
    return next((room for room in ROOMS if name == room or name.startswith(f"{room}.")), None)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every imported dotted name of a file, with its line; ``from a import b`` gives a.b."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrows(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    here = room_of(place.removesuffix(".py").replace("/", ".")) or "wsgi"
    if place == "kb/__init__.py":
        return
    for name, line in imports(path):
        there = room_of(name)
        if there is None or there == here:
            continue
        allowed = ARROWS[here].get(there)
        assert allowed, f"{place}:{line} imports {name}: no arrow from {here} to {there}"
        assert allowed == ANY or place in allowed, f"{place}:{line} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_library_stays_in_its_room(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    for name, line in imports(path):
        rooms = LIBRARIES.get(name.partition(".")[0])
        assert rooms is None or place.startswith(rooms), f"{place}:{line} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_hides_in_a_function(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [
                n.lineno for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)
            ]
            assert not hidden, f"{path}: imports inside {function.name} at {hidden}"


def test_inside_the_indexer_arrows_run_down() -> None:
    below = {
        "indexer.extract": {"indexer.extracted", "indexer.extract"},
        "indexer.extracted": set(),
        "indexer.running": {"indexer.extracted"},
        "indexer.ocr": {"indexer.extract.layout.blocks", "indexer.extracted", "indexer.ocr"},
        "indexer.reading": {
            *("indexer.reading", "indexer.extract", "indexer.extracted"),
            *("indexer.ocr", "indexer.running"),
        },
        "indexer.sandbox": {"indexer.extract", "indexer.extracted", "indexer.sandbox_child"},
        "indexer.held_file": {"indexer.extracted", "indexer.reading"},
        "indexer.known_texts": {"indexer.extracted", "indexer.likeness"},
        "indexer.ingest": {
            *("indexer.extracted", "indexer.reading", "indexer.held_file"),
            *("indexer.ingested", "indexer.known_texts", "indexer.likeness", "indexer.proposals"),
        },
        "indexer.ingested": {"indexer.extracted", "indexer.likeness"},
        "indexer.recognise": {"indexer.extracted", "indexer.recognise"},
        "indexer.proposals": {"indexer.extracted", "indexer.recognise"},
        "indexer.gazetteer": set(),
        "indexer.records": set(),
        "indexer.reindex": {"indexer.records"},
        "indexer.job_work": {
            *("indexer.intake_jobs", "indexer.rehearsal_jobs"),
            *("indexer.collection", "indexer.exchange", "indexer.extracted", "indexer.ingest"),
            *("indexer.ingested", "indexer.installation", "indexer.job_ends", "indexer.zipped"),
        },
        "indexer.worker": {
            *("indexer.inbox", "indexer.incoming", "indexer.installation", "indexer.jobs"),
        },
    }
    for path in ROOT.glob("indexer/**/*.py"):
        module = path.relative_to(ROOT).as_posix().removesuffix(".py").replace("/", ".")
        rule = next(
            (r for m, r in below.items() if module == m or module.startswith(f"{m}.")), None
        )
        if rule is None:
            continue
        for name, line in imports(path):
            if name.startswith("indexer"):
                ok = any(name == r or name.startswith(f"{r}.") for r in rule)
                assert ok, f"{path}:{line} imports {name}"


def test_engines_know_neither_catalogue_nor_japanese() -> None:
    for pattern in ("kb/search/whoosh_engine/*.py", "kb/search/memory_engine.py"):
        for path in ROOT.glob(pattern):
            rooms = {room_of(name) for name, _ in imports(path)}
            assert not rooms & {"kb.catalogue", "kb.japanese"}, path


def test_the_domain_stands_on_the_standard_library_alone() -> None:
    for path in ROOT.glob("kb/domain/*.py"):
        for name, line in imports(path):
            top = name.partition(".")[0]
            assert top in sys.stdlib_module_names or name.startswith("kb.domain"), (path, line)


def test_files_do_not_import_each_other_in_a_circle() -> None:
    modules = {
        p.relative_to(ROOT).as_posix().removesuffix(".py").replace("/", "."): p for p in FILES
    }
    graph = {
        module: {
            target
            for name, _ in imports(path)
            for target in (name, name.rpartition(".")[0])
            if target in modules and target != module
        }
        for module, path in modules.items()
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module not in done:
            for target in sorted(graph[module]):
                visit(target, (*trail, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400, f"{path}: what is its second job?"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{path}:{node.lineno} {node.name} is {length} lines long"


def test_top_level_holds_nothing_else() -> None:
    allowed = {"kb", "indexer", "templates", "static", "corpus", "tests", "docs", "requirements"}
    found = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith(".")} - {
        "var",
        "build",
        "dist",
        "htmlcov",
        "__pycache__",
    }
    assert {name for name in found if not name.endswith(".egg-info")} <= allowed
