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

  // Whoever goes on elsewhere is done with choosing.
  function leave(event) {
    const fold = document.querySelector("#buttons > #filter > button.open");
    if (fold && !event.target.closest("#filter")) fold.click();
  }
  document.addEventListener("pointerdown", leave);
  document.addEventListener("focusin", leave);
})();
