/* The links to the other pages: Gradio neither names them nor says which page this is. */
(() => {
  "use strict";

  // To the conversation that was left, in this tab.
  function leadBack(link) {
    const open = sessionStorage.getItem("ask-the-shelf.open");
    const address = new URL(document.baseURI);
    if (open) address.searchParams.set("c", open);
    if (link.href !== address.href) link.href = address.href;
  }

  new MutationObserver(() => {
    const links = document.querySelector(".nav-holder nav");
    if (!links) return;
    if (!links.ariaLabel) links.ariaLabel = "Pages";
    for (const link of links.querySelectorAll("a")) {
      const current = link.classList.contains("active") ? "page" : null;
      if (link.ariaCurrent !== current) link.ariaCurrent = current;
      if (link === links.querySelector("a") && !current) leadBack(link);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
