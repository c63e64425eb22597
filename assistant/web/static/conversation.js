/* What Gradio leaves out: links within the page, and where the reader is put. */
(() => {
  "use strict";

  let citation = null;
  let asked = 0;
  let following = false;
  let arriving = false;
  let waiting = false;
  let answered = 0;

  function show(target) {
    const section = target.closest("#sources .of-answer");
    if (section) window.askPage.showSourcesOf(section.id.slice("sources-of-answer-".length));
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

  // Until its answer is whole, the latest question stays at the top of the window, so
  // that the answer is read from its beginning; whoever moves away is not pulled back.
  function follow(question) {
    question.scrollIntoView({ block: "start" });
    following = document.querySelector("#chat :is(.pending, .growing)") !== null;
  }
  for (const moved of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    const stay = () => (following = arriving = false);
    document.addEventListener(moved, stay, { passive: true });
  }

  // What was pressed goes sooner or later, on a busy machine later, and the focus with it.
  function arrive() {
    following = arriving = true;
    const pressed = document.activeElement;
    const until = Date.now() + 10000;
    const look = () => {
      if (!arriving) return;
      if (document.activeElement === document.body) {
        const questions = document.querySelectorAll("#chat .question");
        const box = document.querySelector("#question textarea");
        arriving = false;
        if (questions.length) show(questions[questions.length - 1]);
        else box?.focus();
      } else if (document.activeElement === pressed && Date.now() < until) {
        setTimeout(look, 200);
      }
    };
    setTimeout(look, 200);
  }
  window.askPage.arrive = arrive;

  // An answer is redrawn as it grows: it is read out once, when it is whole. One that was
  // made at once was never seen to be waited for.
  function announce(answers) {
    const waited = waiting;
    waiting = document.querySelector("#chat :is(.pending, .growing)") !== null;
    if (waiting) return;
    const opening = "opening" in document.documentElement.dataset;
    const atOnce = asked === answered + 1 && !opening;
    answered = asked;
    if ((waited || atOnce) && answers.length) {
      window.askPage.say(answers[answers.length - 1].innerText);
    }
  }

  new MutationObserver(() => {
    const log = document.querySelector('#chat [role="log"]');
    if (log) {
      log.role = "group";
      log.ariaLive = "off";
    }
    // Gradio labels each message with its source text, tags and all.
    const labelled = "#chat [data-testid][aria-label]";
    document.querySelectorAll(labelled).forEach((message) => {
      message.removeAttribute("aria-label");
    });

    const questions = document.querySelectorAll("#chat .question");
    const latest = questions[questions.length - 1];
    if (questions.length !== asked) arrive();
    asked = questions.length;
    if (latest && following) follow(latest);
    announce(document.querySelectorAll("#chat .answer"));
  }).observe(document.documentElement, {
    attributeFilter: ["aria-label", "class"],
    attributes: true,
    childList: true,
    subtree: true,
  });
})();
