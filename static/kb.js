/* Conveniences only: every page does the same without this file. */
(() => {
  "use strict";

  /* On a wide page a ticked facet is applied at once. The address ends in the box's own id, so
     that the keyboard goes on from the same place. On a narrow page the list covers the results
     and several boxes are ticked before it is sent: there the button stays the only way. */
  const WIDE = window.matchMedia("(min-width: 64rem)");

  function applyFacets(form) {
    const told = form.querySelector(".told-by-script");
    if (told && WIDE.matches) told.hidden = false;
    form.addEventListener("change", (event) => {
      const box = event.target;
      if (!WIDE.matches || box.type !== "checkbox") return;
      form.action = `${form.getAttribute("action")}#${box.id}`;
      form.requestSubmit();
    });
    const back = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!back || !form.contains(back)) return;
    const folded = back.closest("details.more");
    if (folded) folded.open = true;
    back.focus();
  }

  /* n: next mark, p: previous one; never while something is being typed. */
  function followHits(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const way = { n: "next", p: "prev" }[event.key];
    const link = way && document.querySelector(`a[data-hit="${way}"]`);
    if (link) link.click();
  }

  /* Suggestions while typing: the combobox of the ARIA Authoring Practices with a list that never
     takes the focus. Nothing is asked or chosen while an input method composes, and the Enter that
     ends a composition sends nothing. */
  const PAUSE = 120; /* milliseconds without a key before anything is asked */
  const LONGEST = 200;

  function suggest(form) {
    const box = form.querySelector("input[name=q]");
    const list = form.querySelector("[role=listbox]");
    const told = form.querySelector("[role=status]");
    let timer = 0;
    let request = null;
    let at = -1;

    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-haspopup", "listbox");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");

    function stop() {
      clearTimeout(timer);
      if (request) request.abort();
      request = null;
    }

    function close() {
      stop();
      list.hidden = true;
      list.replaceChildren();
      told.textContent = "";
      box.setAttribute("aria-expanded", "false");
      mark(-1);
    }

    function mark(place) {
      at = place;
      [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
      if (at < 0) {
        box.removeAttribute("aria-activedescendant");
        return;
      }
      box.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    }

    function option(offer, n) {
      const line = document.createElement("li");
      line.id = `${list.id}-${n}`;
      line.dataset.url = offer.url;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      for (const [name, text] of [["kind", offer.kind_label], ["name", offer.label], ["why", offer.why]]) {
        if (!text) continue;
        const part = document.createElement("span");
        part.className = name;
        part.textContent = text;
        line.append(part, " ");
      }
      return line;
    }

    function show(offers) {
      list.replaceChildren(...offers.map(option));
      list.hidden = offers.length === 0;
      box.setAttribute("aria-expanded", String(offers.length > 0));
      mark(-1);
      told.textContent = offers.length ? `候補${offers.length}件` : "候補はありません";
    }

    async function ask() {
      stop();
      const typed = box.value.trim();
      if (!typed || typed.length > LONGEST) return close();
      const mine = (request = new AbortController());
      try {
        const answer = await fetch(`${form.dataset.suggests}?q=${encodeURIComponent(typed)}`, {
          signal: mine.signal,
          headers: { Accept: "application/json" },
        });
        const found = answer.ok ? (await answer.json()).offers : [];
        if (request === mine && document.activeElement === box) show(found);
      } catch {
        /* Overtaken by a later key, or no network: the form itself still works. */
        if (request === mine) close();
      }
    }

    function soon() {
      stop();
      timer = setTimeout(ask, PAUSE);
    }

    const open = () => !list.hidden;
    const moves = {
      ArrowDown: (last) => (at < last ? at + 1 : -1),
      ArrowUp: (last) => (at < 0 ? last : at - 1),
      Home: () => (at < 0 ? null : 0),
      End: (last) => (at < 0 ? null : last),
    };

    function onKey(event) {
      if (event.isComposing || event.keyCode === 229) {
        if (event.key === "Enter") event.preventDefault();
        return;
      }
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (!open()) {
        if (event.key === "ArrowDown" && box.value.trim()) {
          event.preventDefault();
          ask();
        }
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        close();
      } else if (event.key === "Enter") {
        if (at >= 0) {
          event.preventDefault();
          location.assign(list.children[at].dataset.url);
        }
      } else if (moves[event.key]) {
        const next = moves[event.key](list.children.length - 1);
        if (next === null) return;
        event.preventDefault();
        mark(next);
      }
    }

    box.addEventListener("input", (event) => {
      if (event.isComposing) stop();
      else soon();
    });
    box.addEventListener("compositionstart", stop);
    box.addEventListener("compositionend", soon);
    box.addEventListener("keydown", onKey);
    box.addEventListener("blur", close);
    form.addEventListener("submit", stop);
    /* The focus stays in the box, so that a click is not a blur that closes the list first. */
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) location.assign(line.dataset.url);
    });
  }

  document.querySelectorAll("form[data-suggests]").forEach(suggest);
  document.querySelectorAll("form[data-submits-itself]").forEach(applyFacets);
  document.addEventListener("keydown", followHits);
})();
