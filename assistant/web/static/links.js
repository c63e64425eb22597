/* The links to the other pages: Gradio neither names them nor says which page this is. */
(() => {
  "use strict";

  // Back to what was left, in this tab: a conversation, a comparison.
  function leadBack(link) {
    const page = link.href.split("?")[0];
    const open = sessionStorage.getItem("ask-the-shelf.open");
    const compared = sessionStorage.getItem("ask-the-shelf.compared");
    const home = new URL(document.baseURI).href;
    if (page === home && open) link.href = `${home}?c=${open}`;
    if (compared && page.endsWith("/compare")) link.href = compared;
  }

  new MutationObserver(() => {
    const links = document.querySelector(".nav-holder nav");
    if (!links) return;
    if (!links.ariaLabel) links.ariaLabel = "Pages";
    for (const link of links.querySelectorAll("a")) {
      const current = link.classList.contains("active") ? "page" : null;
      if (link.ariaCurrent !== current) link.ariaCurrent = current;
      if (!current) leadBack(link);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
