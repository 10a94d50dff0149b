/* Keys for the review form; every one of them does what a button or a box on the page does. */
(() => {
  "use strict";

  const form = document.getElementById("review-form");
  if (!form) return;
  const fields = () => [...form.querySelectorAll("[data-field]")];
  const letters = document.querySelector("#keys-switch input");
  const KEPT = "kb-review-letters";

  /* Single letters can be switched off: somebody who dictates types them by accident. */
  document.getElementById("keys-switch").hidden = false;
  letters.checked = localStorage.getItem(KEPT) !== "off";
  letters.addEventListener("change", () => {
    localStorage.setItem(KEPT, letters.checked ? "on" : "off");
  });

  function here() {
    return document.activeElement.closest("[data-field]") || form.querySelector("[data-field].now");
  }

  function go(field) {
    if (!field) return;
    for (const each of fields()) each.classList.toggle("now", each === field);
    field.focus();
    field.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = fields();
    go(all[Math.min(Math.max(all.indexOf(here()) + step, 0), all.length - 1)]);
  }

  /* Whether somebody has to look at a field, and nothing has been chosen for it here. */
  function waits(field) {
    return field.querySelector(".tag.warn")
      && !field.querySelector(".dos input:checked:not([value=keep]), [name=terms]:checked");
  }

  function onward() {
    const all = fields(), at = all.indexOf(here());
    go(all.slice(at + 1).find(waits) || all[Math.min(at + 1, all.length - 1)]);
  }

  function terms(number) {
    const radio = form.querySelectorAll("[data-rights] [name=terms]")[number - 1];
    if (!radio) return;
    radio.checked = true;
    go(radio.closest("[data-field]"));
  }

  function choose(field, wanted) {
    const radio = field && field.querySelector(`.dos input[value="${wanted}"]`);
    if (radio) radio.checked = true;
    return Boolean(radio);
  }

  function press(name) {
    const button = form.querySelector(`[data-do="${name}"]`);
    if (button) form.requestSubmit(button);
  }

  function follow(way) {
    const link = document.querySelector(`[data-way="${way}"]`);
    if (link) link.click();
  }

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    a: () => choose(here(), "set") && onward(),
    x: () => choose(here(), "none"),
    u: () => choose(here(), "undo") || choose(here(), "keep"),
    c: () => {
      const field = here();
      const box = field && field.querySelector("[data-box], input:not([type=hidden]), textarea");
      if (box) box.focus();
    },
    r: () => {
      go(form.querySelector("[data-rights]"));
      const terms = form.querySelector("[data-rights] input[type=radio]");
      if (terms) terms.focus();
    },
    1: () => terms(1),
    2: () => terms(2),
    3: () => terms(3),
    4: () => terms(4),
    n: () => follow("following"),
    b: () => follow("previous"),
  };

  function typing(target) {
    return target.closest("select, textarea, [contenteditable], input:not([type=radio]):not([type=checkbox])");
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      press(event.shiftKey && form.querySelector("[data-do=publish]") ? "publish" : "save");
      return;
    }
    if (event.key === "Escape" && typing(event.target)) {
      go(here());
      return;
    }
    if (event.ctrlKey || event.shiftKey || !letters.checked || typing(event.target)) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* What is typed is meant: the choice follows it. */
  form.addEventListener("input", (event) => {
    const field = event.target.closest("[data-field]");
    if (field && /^(value|pick)-/.test(event.target.name)) choose(field, "set");
  });

  form.addEventListener("focusin", (event) => {
    const field = event.target.closest("[data-field]");
    if (field) for (const each of fields()) each.classList.toggle("now", each === field);
  });

  /* Another page is fetched and put in place; without this the whole form is sent and comes back. */
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || button.name !== "look") return;
    event.preventDefault();
    const wanted = button.value === "goto" ? form.elements.goto.value : button.value;
    const [page, at = "0"] = wanted.split("-");
    const address = `${form.getAttribute("action")}?page=${page}${at === "0" ? "" : `&at=${at}`}`;
    const answer = await fetch(address);
    if (!answer.ok) {
      location.assign(address);
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const side = fresh.getElementById("sheet-side");
    if (!side) return;
    document.getElementById("sheet-side").replaceWith(side);
    document.getElementById("h-sheet").focus();
  });

  /* Where to begin: at the first open field. What went wrong comes before it, and is not scrolled
     away; what was done is told in the bar below as well. */
  const open = fields().find(waits) || fields()[0];
  const wrong = document.querySelector("#main [role=alert]");
  if (wrong) {
    open.classList.add("now");
    wrong.tabIndex = -1;
    wrong.focus();
  } else go(open);
})();
