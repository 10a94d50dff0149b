"""A hand on mouse and keyboard that counts what it does."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

WIDTHS = (1280, 320)
"""Of the pictures, in CSS pixels."""
_HEIGHT = 800


class Hand:
    """Works on one page of a browser; a click, a shortcut and a filled field are an action each."""

    def __init__(self, page: "Page", actions: "Counter[str]", shots: Path | None = None) -> None:
        """`actions` counts by task; `shots` is where pictures go."""
        self.page = page
        self.actions = actions
        self._shots = shots
        self._task = ""
        page.set_viewport_size({"width": WIDTHS[0], "height": _HEIGHT})

    @contextmanager
    def at(self, task: str) -> Iterator[None]:
        """What is done in the block counts for this task."""
        before, self._task = self._task, task
        yield
        self._task = before

    def click(self, target: "Locator") -> None:
        """One click; also one that chooses."""
        target.click()
        self.actions[self._task] += 1

    def press(self, keys: str) -> None:
        """One key, or one shortcut."""
        self.page.keyboard.press(keys)
        self.actions[self._task] += 1

    def fill(self, target: "Locator", text: str) -> None:
        """One field, however long what is typed."""
        target.fill(text)
        self.actions[self._task] += 1

    def choose(self, target: "Locator", value: str) -> None:
        """One value of a list."""
        target.select_option(value)
        self.actions[self._task] += 1

    def drop(self, target: str, files: Sequence[Path]) -> None:
        """Files drawn from a folder's window onto the page: one action for all."""
        self.page.set_input_files("#files", files)
        held = self.page.evaluate_handle(
            "() => { const held = new DataTransfer(), files = document.getElementById('files');"
            " for (const file of files.files) held.items.add(file); files.value = '';"
            " return held; }"
        )
        self.page.dispatch_event(target, "drop", {"dataTransfer": held})
        self.actions[self._task] += 1

    def look(self, name: str) -> None:
        """A picture of the page in each width; no action."""
        if self._shots is None:
            return
        self._shots.mkdir(parents=True, exist_ok=True)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": _HEIGHT})
            path = self._shots / f"{name}-{width}.png"
            self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size({"width": WIDTHS[0], "height": _HEIGHT})
