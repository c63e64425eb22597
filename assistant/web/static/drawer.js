/* The conversations: beside the page where it is wide, else a drawer over it. */
(() => {
  "use strict";

  const WIDE = matchMedia("(min-width: 75rem)");
  const CLOSED = "ask-the-shelf-closed";

  const sidebar = () => document.getElementById("sidebar");
  const opener = () => document.querySelector("#page-header .drawer");

  function fit() {
    const [drawer, button] = [sidebar(), opener()];
    if (!drawer || !button || button.dataset.wide === String(WIDE.matches)) return;
    button.dataset.wide = String(WIDE.matches);
    if (WIDE.matches) drawer.removeAttribute("popover");
    else drawer.popover = "auto";
    button.popoverTargetElement = WIDE.matches ? null : drawer;
    tell();
  }

  function tell() {
    const closed = "closed" in document.documentElement.dataset;
    const button = opener();
    if (WIDE.matches) button.ariaExpanded = String(!closed);
    else button.removeAttribute("aria-expanded");
  }

  function close() {
    if (sidebar()?.matches("[popover]:popover-open")) sidebar().hidePopover();
  }

  function open() {
    if (sidebar()?.matches("[popover]:not(:popover-open)")) sidebar().showPopover();
    if (WIDE.matches && "closed" in document.documentElement.dataset) opener().click();
  }

  document.addEventListener("click", (event) => {
    const begins = event.target.closest("#page-header .new");
    if (begins) window.askPage.press("again");
    if (begins || (event.isTrusted && event.target.closest("#again"))) {
      close();
      document.querySelector("#question textarea").focus();
    }
    if (!event.target.closest("#page-header .drawer") || !WIDE.matches) return;
    const closed = document.documentElement.toggleAttribute("data-closed");
    try {
      localStorage.setItem(CLOSED, closed ? "1" : "");
    } catch {
      // It is open again the next time.
    }
    tell();
  });

  try {
    if (localStorage.getItem(CLOSED)) document.documentElement.dataset.closed = "";
  } catch {
    // A browser that keeps nothing has nothing to say.
  }
  WIDE.addEventListener("change", fit);
  window.askPage.closeDrawer = close;
  window.askPage.openDrawer = open;
  new MutationObserver(fit).observe(document.documentElement, {
    childList: true,
    subtree: true,
  });
})();
