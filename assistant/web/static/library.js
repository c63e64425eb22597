/* The Library page: puts the reader where something has come up or gone. */
(() => {
  "use strict";

  const shown = { "#library-form h2": false, "#remove-no": false };
  let said = "";

  function isShown(part) {
    return part !== null && part.offsetParent !== null;
  }

  // What comes up takes the focus; when it goes, the sentence on what came of it does.
  function follow(selector, status) {
    const part = document.querySelector(selector);
    if (isShown(part) === shown[selector]) return;
    shown[selector] = !shown[selector];
    const target = shown[selector] ? part : status;
    if (!target || (!shown[selector] && document.activeElement !== document.body)) {
      return;
    }
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  }

  new MutationObserver(() => {
    const status = document.querySelector("#library-status");
    if (!status) return;
    Object.keys(shown).forEach((selector) => follow(selector, status));
    // A sentence of another kind is brought into view; one that counts on is not.
    const kind = status.textContent.trim().split(/\s/)[0];
    if (kind && kind !== said) status.scrollIntoView({ block: "nearest" });
    said = kind;
  }).observe(document.documentElement, {
    attributeFilter: ["class"],
    attributes: true,
    characterData: true,
    childList: true,
    subtree: true,
  });
})();
