/* Keys of the Ask page: single letters, where nothing is being typed; they can be turned off. */
(() => {
  "use strict";

  const OFF = "ask-the-shelf-no-keys";
  const KEYS = [
    ["n", "New conversation", () => window.askPage.press("again")],
    ["/", "Search conversations", search],
    ["i", "Write a question", () => document.querySelector("#question textarea").focus()],
    ["c", "Copy the latest answer with citations", copy],
    ["j", "Next source", () => step(1)],
    ["k", "Previous source", () => step(-1)],
    ["?", "Show these keys", toggle],
  ];
  const ALSO = [
    ["Enter", "Send the question"],
    ["Shift and Enter", "Begin a new line"],
    ["Escape", "Stop the answer; close what is open"],
  ];

  let dialog = null;

  function isOff() {
    try {
      return Boolean(localStorage.getItem(OFF));
    } catch {
      return false;
    }
  }

  function search() {
    window.askPage.openDrawer();
    document.querySelector("#history-list .search")?.focus();
  }

  function copy() {
    const buttons = document.querySelectorAll("#chat .copy.cited");
    buttons[buttons.length - 1]?.click();
  }

  function step(by) {
    const sources = [...document.querySelectorAll("#sources .source")].filter(
      (one) => one.offsetParent,
    );
    const at = sources.indexOf(document.activeElement.closest("#sources .source"));
    const next = sources[at < 0 && by < 0 ? sources.length - 1 : at + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  function row([key, what]) {
    const made = document.createElement("div");
    const [name, says] = ["dt", "dd"].map((tag) => document.createElement(tag));
    const kbd = document.createElement("kbd");
    kbd.textContent = key;
    name.append(kbd);
    says.textContent = what;
    made.append(name, says);
    return made;
  }

  function make() {
    dialog = document.createElement("dialog");
    dialog.id = "keys";
    dialog.innerHTML =
      '<h2 id="keys-title">Keys</h2><dl></dl>' +
      '<label><input type="checkbox"> Use the single letters</label>' +
      '<button type="button">Close</button>';
    dialog.setAttribute("aria-labelledby", "keys-title");
    dialog.querySelector("dl").append(...[...KEYS, ...ALSO].map(row));
    dialog.querySelector("button").addEventListener("click", () => dialog.close());
    const use = dialog.querySelector("input");
    use.checked = !isOff();
    use.addEventListener("change", () => {
      try {
        localStorage.setItem(OFF, use.checked ? "" : "1");
      } catch {
        // They are used again the next time.
      }
    });
    document.querySelector("main").append(dialog);
  }

  function toggle() {
    if (!dialog) make();
    if (dialog.open) dialog.close();
    else dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("textarea, input, select, [contenteditable]");
    const held = event.ctrlKey || event.metaKey || event.altKey;
    if (typing || held || event.defaultPrevented || !document.getElementById("chat")) return;
    const found = KEYS.find(([key]) => key === event.key);
    if (!found || (isOff() && event.key !== "?")) return;
    if (dialog?.open && event.key !== "?") return;
    event.preventDefault();
    found[2]();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#page-header .keys")) toggle();
    if (event.target.closest("#print-conversation")) window.print();
  });
})();
