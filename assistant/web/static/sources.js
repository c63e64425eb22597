/* The panel of sources shows those of the answer that is in view. */
(() => {
  "use strict";

  let waiting = false;

  function choose(number) {
    const panel = document.querySelector("#sources .panel");
    if (!panel) return;
    const sections = [...panel.querySelectorAll(".of-answer")];
    const wanted = document.getElementById(`sources-of-answer-${number}`);
    const earlier = wanted && wanted !== sections[sections.length - 1];
    panel.toggleAttribute("data-chosen", Boolean(earlier));
    for (const one of sections) one.classList.toggle("current", earlier && one === wanted);
  }

  function look() {
    waiting = false;
    const answers = [...document.querySelectorAll("#chat .answer[id]")];
    const reached = answers.filter(
      (one) => one.getBoundingClientRect().top < innerHeight * 0.4,
    );
    const last = reached[reached.length - 1] ?? answers[0];
    if (last) choose(last.id.slice("answer-".length));
  }

  document.addEventListener(
    "scroll",
    () => {
      if (!waiting) requestAnimationFrame(look);
      waiting = true;
    },
    { passive: true },
  );
  window.askPage.showSourcesOf = choose;

  // Back to the word that led here.
  document.addEventListener("keydown", (event) => {
    const source = event.target.closest?.("#sources .source");
    if (event.key !== "Escape" || event.defaultPrevented || !source) return;
    event.preventDefault();
    source.querySelector(".back a").click();
  });
})();
