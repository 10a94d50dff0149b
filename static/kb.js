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

  document.querySelectorAll("form[data-submits-itself]").forEach(applyFacets);
  document.addEventListener("keydown", followHits);
})();
