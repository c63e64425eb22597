/* The items of an agenda, to look over: what the list says is what is briefed. */
(() => {
  "use strict";

  const rows = () => [...document.querySelectorAll("#review ol > li")];
  const part = (at) => document.querySelector(`#review ${at}`);
  const agenda = () => document.querySelector("#agenda textarea").value;

  // The hidden box through which the page hears of the list.
  const box = () => document.querySelector("#reviewed :is(textarea, input)");

  function write(text) {
    if (!box() || box().value === text) return;
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  function itemOf(row, were) {
    const was = were[row.value - 1];
    const [tick, title, asked] = row.querySelectorAll("[name=ticked], [name=title], textarea");
    const questions = asked.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const proposed = was.proposed && questions.join("\n") === was.questions.join("\n");
    return { ...was, title: title.value, ticked: tick.checked, questions, proposed };
  }

  // It is sent in the form in which it came.
  function send() {
    const review = JSON.parse(part(".kept").textContent);
    const were = review.agenda.items;
    for (const { name, value } of document.querySelectorAll("#review .about input")) {
      review.agenda[name] = value;
    }
    review.agenda.items = rows().map((row) => itemOf(row, were));
    write(JSON.stringify(review));
  }

  function move(button) {
    const row = button.closest("li");
    if (button.name === "up") row.previousElementSibling.before(row);
    else row.nextElementSibling.after(row);
    const now = rows();
    now.forEach((one, place) => {
      one.querySelector("[name=up]").disabled = place === 0;
      one.querySelector("[name=down]").disabled = place === now.length - 1;
    });
    const other = row.querySelector(".moves button:enabled");
    (button.disabled ? other : button).focus();
    part(".moved").textContent = `Now at place ${now.indexOf(row) + 1} of ${now.length}.`;
    send();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#review .moves button");
    if (button) move(button);
  });

  let of = "";

  document.addEventListener("input", ({ target }) => {
    if (target.closest("#agenda") && part(".changed")) {
      part(".changed").hidden = agenda() === of;
    }
    if (target.closest("#review")) send();
  });

  // Gradio takes boxes of several lines off a text.
  function putQuestions() {
    const { items } = JSON.parse(part(".kept").textContent).agenda;
    for (const row of rows()) {
      const box = document.createElement("textarea");
      const { questions } = items[row.value - 1];
      box.value = questions.join("\n");
      box.rows = Math.max(1, questions.length);
      box.placeholder = "Asked by its title";
      row.querySelector(".questions").append(box);
    }
  }

  let shown = null;

  // What is shown at somebody's wish comes into view; what is shown again, or beside the
  // making of a pack, does not.
  function arrive() {
    of = part(".changed").hidden ? agenda() : "";
    const isNew = !box().value;
    putQuestions();
    send();
    setTimeout(() => {
      if (!isNew || document.querySelector("#briefing-status .running")) return;
      const heading = part("h2");
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      heading.scrollIntoView({ block: "start" });
    }, 100);
  }

  new MutationObserver(() => {
    const list = part("ol");
    if (list === shown || !box()) return;
    shown = list;
    if (list) arrive();
    else write("");
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
