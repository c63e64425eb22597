/* What belongs to one answer goes when another is the latest. */
(() => {
  "use strict";

  let latest = "";

  function signature() {
    const answers = document.querySelectorAll("#chat .answer");
    const questions = document.querySelectorAll("#chat .question");
    if (!answers.length) return "";
    const last = answers[answers.length - 1];
    const question = questions[questions.length - 1];
    return `${last.id} ${question ? question.textContent : ""} ${last.textContent}`;
  }

  function changed() {
    // The files that were made hold an older conversation.
    for (const id of ["saved-files", "saving-told"]) {
      const part = document.getElementById(id);
      if (part) part.hidden = true;
    }
    if (document.getElementById("feedback-begin")) {
      window.askPage.press("feedback-begin");
    }
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#save-conversation")) return;
    for (const id of ["saved-files", "saving-told"]) {
      const part = document.getElementById(id);
      if (part) part.hidden = false;
    }
  });

  new MutationObserver(() => {
    if (document.querySelector("#chat :is(.pending, .growing)")) return;
    const now = signature();
    if (now === latest) return;
    latest = now;
    changed();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
