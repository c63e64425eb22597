/* The buttons at questions and answers: copy, ask again, change. */
(() => {
  "use strict";

  // What is said here is read out once, whatever is redrawn elsewhere on the page.
  function say(text) {
    let log = document.getElementById("announcer");
    if (!log) {
      log = document.createElement("div");
      log.id = "announcer";
      log.role = "log";
      log.ariaLive = "polite";
      log.ariaLabel = "Announcements";
      document.querySelector("main").append(log);
    }
    const line = document.createElement("p");
    line.textContent = text;
    log.replaceChildren(line);
  }

  // Presses a hidden part of the page, which takes its value by the event.
  function press(button, box, value) {
    if (box) {
      const field = document.querySelector(`#${box} :is(textarea, input)`);
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    setTimeout(() => document.getElementById(button).click());
  }

  window.askPage = { press, say };

  // Without HTTPS a browser has no clipboard but that of its own copy command.
  function copyByCommand(text, html) {
    let copied = false;
    const fill = (event) => {
      event.clipboardData.setData("text/plain", text);
      if (html) event.clipboardData.setData("text/html", html);
      event.preventDefault();
      copied = true;
    };
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "to-select";
    document.body.append(area);
    area.select();
    document.addEventListener("copy", fill, true);
    document.execCommand("copy");
    document.removeEventListener("copy", fill, true);
    area.remove();
    focused.focus({ preventScroll: true });
    return copied;
  }

  async function copy(text, html) {
    try {
      const types = Object.entries({ "text/plain": text, "text/html": html });
      const parts = types.filter(([, value]) => value !== null);
      const blobs = parts.map(([type, value]) => [type, new Blob([value], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      return true;
    } catch {
      return copyByCommand(text, html);
    }
  }

  async function copyAnswer(button) {
    const parts = button.parentElement.querySelector(".to-copy");
    const plain = button.matches(".plain");
    const text = parts.querySelector(plain ? ".as-plain" : ".as-text").textContent;
    const html = plain ? null : parts.querySelector(".as-html").innerHTML;
    const done = await copy(text, html);
    const told = done
      ? "Copied"
      : "This browser did not let us copy. Select the answer, then press Ctrl and C.";
    button.parentElement.querySelector(".copied")?.remove();
    const note = document.createElement("span");
    note.className = "copied";
    note.textContent = told;
    button.after(note);
    setTimeout(() => note.remove(), 6000);
    say(told);
  }

  function change(button) {
    const questions = [...document.querySelectorAll("#chat .change")];
    press("edit-press", "edit-number", String(questions.indexOf(button) + 1));
    document.querySelector("#question textarea").focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#chat .tool, .comparison .tool");
    if (!button) return;
    if (button.matches(".copy")) copyAnswer(button);
    if (button.matches(".change")) change(button);
    if (button.matches(".retry")) {
      press("retry-press");
      button.blur();
      window.askPage.arrive();
    }
  });
})();
