"use strict";
// Opens a page that waits again, once what it waits for is done. Without this script the page
// renews itself, and a link does so too.
(() => {
  const WAIT = "intake-wait";
  const EVERY = 1000;
  if (!document.getElementById(WAIT)) return;

  async function look() {
    try {
      const answer = await fetch(location.href);
      const still = answer.ok && !answer.redirected && (await answer.text()).includes(`id="${WAIT}"`);
      if (!still) {
        location.replace(answer.url);
        return;
      }
    } catch {
      // The line is down; the next look may find it up.
    }
    setTimeout(look, EVERY);
  }
  setTimeout(look, EVERY / 2);
})();
