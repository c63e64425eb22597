/* The question's box: Escape stops an answer, and closes the choice of reports first. */
(() => {
  "use strict";

  function closeChoice() {
    const fold = document.querySelector("#buttons > #filter > button.open");
    if (!fold) return false;
    fold.click();
    fold.focus();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector(":popover-open, dialog[open]")) return;
    if (closeChoice()) return;
    if (document.querySelector("#chat :is(.pending, .growing)")) {
      document.getElementById("stop")?.click();
    }
  });

  // Gradio puts the reader into the box; the page is to be seen from its top all the same.
  document.addEventListener(
    "focusin",
    (event) => {
      if (document.querySelector("#chat .question")) return;
      if (event.target.closest("#question")) requestAnimationFrame(() => scrollTo(0, 0));
    },
    { once: true },
  );

  // Whoever goes on elsewhere is done with choosing.
  function leave(event) {
    const fold = document.querySelector("#buttons > #filter > button.open");
    if (fold && !event.target.closest("#filter")) fold.click();
  }
  document.addEventListener("pointerdown", leave);
  document.addEventListener("focusin", leave);
})();
