/* The Compare page: links to its sources, printing, and a status that is read out. */
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    if (event.target.closest(".comparison .print")) window.print();
    // The page has a <base>, which makes a plain "#id" leave for the first page.
    const link = event.target.closest('.comparison a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
  });

  // A region that stands there before its text changes is read by every screen reader.
  new MutationObserver(() => {
    const status = document.getElementById("compare-status");
    if (status && !status.ariaLive) status.ariaLive = "polite";
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
