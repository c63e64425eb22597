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

  // A region that stands there before its text changes is read by every screen reader.
  new MutationObserver(() => {
    const status = document.getElementById("briefing-status");
    if (status && !status.ariaLive) status.ariaLive = "polite";
    const read = document.getElementById("read-agenda");
    const field = read && read.parentElement.querySelector('input[type="file"]');
    if (field && !field.ariaLabel) field.ariaLabel = "Agenda file";
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
