/* Gradio's folds: it does not say whether they are open, and has their mark read out. */
(() => {
  "use strict";

  new MutationObserver(() => {
    document.querySelectorAll(".fold > button").forEach((fold) => {
      const open = String(fold.classList.contains("open"));
      if (fold.ariaExpanded !== open) fold.ariaExpanded = open;
      const mark = fold.querySelector(".icon");
      if (mark && !mark.ariaHidden) mark.ariaHidden = "true";
    });
  }).observe(document.documentElement, {
    attributeFilter: ["class"],
    attributes: true,
    childList: true,
    subtree: true,
  });
})();
