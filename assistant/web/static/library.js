/* The Library page: what its lists' buttons send, and where the reader is put. */
(() => {
  "use strict";

  // The hidden box and button through which the page hears of it.
  function send(command) {
    const box = document.querySelector("#library-command :is(textarea, input)");
    box.value = JSON.stringify(command);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.getElementById("library-do").click());
  }

  function typed(part) {
    const said = {};
    for (const field of part.querySelectorAll("input, select")) {
      said[field.name] = field.type === "checkbox" ? field.checked : field.value;
    }
    return said;
  }

  function press({ name, value, parentElement }) {
    const command = { do: name, document: value };
    if (name === "add") {
      const rows = document.querySelectorAll("#library-drafts tbody tr");
      command.rows = [...rows].map(typed);
      const model = document.querySelector('#library-drafts input[name="model"]');
      command.model = model?.checked ?? false;
    }
    if (name === "change") command.typed = typed(parentElement);
    send(command);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(
      ":is(#library-drafts, #library-list) button[name]",
    );
    if (button) press(button);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const form = event.target.closest("#library-list .form");
    if (form && event.target.matches("input")) press(form.querySelector("button"));
  });

  let said = "";
  let table = false;

  function show(part) {
    if (part.tabIndex < 0) part.tabIndex = -1;
    part.focus({ preventScroll: true });
    part.scrollIntoView({ block: "nearest" });
  }

  new MutationObserver(() => {
    const status = document.querySelector("#library-status");
    if (!status) return;
    const heading = document.querySelector("#library-drafts h2");
    if (heading && !table) show(heading);
    table = heading !== null;
    // A sentence of another kind is brought into view; one that counts on is not.
    const kind = status.textContent.trim().split(/\s/)[0];
    if (kind && kind !== said) {
      if (document.activeElement === document.body) show(status);
      else status.scrollIntoView({ block: "nearest" });
    }
    said = kind;
    const field = document.querySelector('#library-file input[type="file"]');
    if (field && !field.ariaLabel) field.ariaLabel = "The files";
  }).observe(document.documentElement, {
    characterData: true,
    childList: true,
    subtree: true,
  });
})();
