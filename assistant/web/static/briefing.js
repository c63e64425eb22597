/* The Briefing page: links within the pack, and a status that is read when it changes. */
(() => {
  "use strict";

  // The page has a <base>, which makes a plain "#id" leave for the first page.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.pack a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "start" });
  });

  // What was typed and made stays with this tab, through Back, reload and other pages.
  const KEPT = "ask-the-shelf-briefing";
  const PARTS = ["#agenda textarea", "#pack .pack", "#reviewed :is(textarea, input)"];
  const parts = () => PARTS.map((at) => document.querySelector(at));
  const whose = () => document.querySelector("#account span")?.textContent ?? "";
  let restored = false;
  let shown = null;

  function keep() {
    const [field, pack, review] = parts();
    if (!restored || !field) return;
    const kept = { whose: whose(), agenda: field.value, review: review?.value ?? "" };
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, pack: pack?.outerHTML ?? "" }));
    } catch {
      // Nothing can be kept here.
    }
  }

  function write(field, text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function restore() {
    const [field, pack, review] = parts();
    const [place, again] = ["pack", "restore-review"].map((id) => document.getElementById(id));
    if (restored || !field || !review || !place || !again) return;
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT));
    } catch {
      // It was damaged, or nothing can be kept here.
    }
    // Who is signed in is known a moment after the page is.
    if (kept && kept.whose && !whose()) return;
    restored = true;
    if (!kept || kept.whose !== whose() || field.value) return;
    write(field, kept.agenda);
    if (kept.review) {
      write(review, kept.review);
      setTimeout(() => again.click());
    }
    if (kept.pack && !pack) {
      const made = new DOMParser().parseFromString(kept.pack, "text/html");
      const note = document.createElement("p");
      note.className = "small kept-pack";
      note.textContent = "Kept from before. For its files make the pack again.";
      place.append(note, ...made.body.children);
    }
  }

  // A pack that was just made comes into view, and what was kept of another goes.
  function arrive() {
    const note = document.querySelector(".kept-pack");
    const packs = document.querySelectorAll("#pack .pack");
    if (note && packs.length > 1) {
      note.nextElementSibling.remove();
      note.remove();
    }
    const [, pack] = parts();
    if (pack && !note && pack !== shown) {
      pack.scrollIntoView({ block: "start" });
      keep();
    }
    shown = pack;
  }

  document.addEventListener("input", keep);
  window.addEventListener("pagehide", keep);

  // A region that stands there before its text changes is read by every screen reader.
  new MutationObserver(() => {
    const status = document.getElementById("briefing-status");
    if (status && !status.ariaLive) status.ariaLive = "polite";
    const read = document.getElementById("read-agenda");
    const field = read && read.parentElement.querySelector('input[type="file"]');
    if (field && !field.ariaLabel) field.ariaLabel = "Agenda file";
    if (!status) return;
    restore();
    arrive();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
