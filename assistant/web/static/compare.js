/* The Compare page: its address holds what was asked; links to its sources, printing, and a
   status that is read out. */
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

  let shown = "";

  // The comparison has the address, and comes into view.
  function arrive() {
    const asked = document.querySelector("#compare-result .asked-for")?.textContent ?? "";
    if (!asked || asked === shown) return;
    shown = asked;
    const address = `${location.pathname}?${asked}`;
    if (location.search !== `?${asked}`) history.pushState(null, "", address);
    sessionStorage.setItem("ask-the-shelf.compared", address);
    const heading = document.querySelector("#compare-result .comparison h2");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
  }
  window.addEventListener("popstate", () => {
    if (document.getElementById("compare-result")) location.reload();
  });

  // A region that stands there before its text changes is read by every screen reader.
  new MutationObserver(() => {
    const status = document.getElementById("compare-status");
    if (status && !status.ariaLive) status.ariaLive = "polite";
    arrive();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
