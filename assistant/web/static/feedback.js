/* What belongs to one answer goes when another is the latest. */
(() => {
  "use strict";

  let latest = "";
  let inside = false;

  function signature() {
    const answers = document.querySelectorAll("#chat .answer");
    const questions = document.querySelectorAll("#chat .question");
    if (!answers.length) return "";
    const last = answers[answers.length - 1];
    const question = questions[questions.length - 1];
    return `${last.id} ${question ? question.textContent : ""} ${last.textContent}`;
  }

  function changed() {
    const files = document.getElementById("saved-files");
    // The files that were made hold an older conversation.
    if (files && files.offsetParent) window.askPage.press("saved-forget");
    if (document.getElementById("feedback-begin")) {
      window.askPage.press("feedback-begin");
    }
  }

  // Whoever saves or cancels stands on a button that goes: they are put back on the form.
  document.addEventListener("focusin", (event) => {
    inside = event.target.closest("#feedback-details") !== null;
  });
  function stayOnTheForm() {
    if (!inside || document.activeElement !== document.body) return;
    const details = document.getElementById("feedback-details");
    if (details && details.offsetParent) return;
    inside = false;
    document.querySelector("#feedback-verdict button:last-of-type")?.focus();
  }

  function look() {
    if (document.querySelector("#chat :is(.pending, .growing)")) return;
    const now = signature();
    if (now === latest) return;
    latest = now;
    changed();
  }

  // Gradio may take the answers off for a moment, only to show them again.
  let emptied = 0;
  new MutationObserver(() => {
    stayOnTheForm();
    clearTimeout(emptied);
    if (signature()) look();
    else emptied = setTimeout(look, 300);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
