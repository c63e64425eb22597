/* The links to the other pages: Gradio neither names them nor says which page this is. */
(() => {
  "use strict";

  new MutationObserver(() => {
    const links = document.querySelector(".nav-holder nav");
    if (!links) return;
    if (!links.ariaLabel) links.ariaLabel = "Pages";
    for (const link of links.querySelectorAll("a")) {
      const current = link.classList.contains("active") ? "page" : null;
      if (link.ariaCurrent !== current) link.ariaCurrent = current;
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
