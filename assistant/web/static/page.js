/* What Gradio leaves out: links within the page, and where the reader is put. */
(() => {
  "use strict";

  let citation = null;
  let asked = 0;

  function show(target) {
    for (let fold = target.closest("details"); fold; ) {
      fold.open = true;
      fold = fold.parentElement.closest("details");
    }
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  }

  // The page has a <base>, which makes a plain "#id" leave an address with a query.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#answer-"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches(".cite")) citation = link;
    show(target.contains(citation) ? citation : target);
  });

  function arrive(question) {
    question.scrollIntoView({ block: "start" });
    // A pressed example is gone by now, and the focus with it.
    setTimeout(() => {
      if (document.activeElement === document.body) show(question);
    }, 200);
  }

  new MutationObserver(() => {
    // Gradio labels each message with its source text, tags and all.
    const labelled = "#chat [data-testid][aria-label]";
    document.querySelectorAll(labelled).forEach((message) => {
      message.removeAttribute("aria-label");
    });
    const fold = document.querySelector("#filter > button");
    if (fold) fold.ariaExpanded = fold.classList.contains("open");
    const questions = document.querySelectorAll("#chat .question");
    if (questions.length > asked) arrive(questions[questions.length - 1]);
    asked = questions.length;
  }).observe(document.documentElement, {
    attributeFilter: ["aria-label", "class"],
    attributes: true,
    childList: true,
    subtree: true,
  });
})();
