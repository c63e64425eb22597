/* The conversations that this browser keeps, each under a key of its own. */
(() => {
  "use strict";

  const MOST_CHARACTERS = 2_000_000; // of one person's; browsers give five million
  const LONGEST = 500_000;
  const NONE = "None yet. Each question that you ask here is kept.";
  const BLOCKED = "This browser does not let pages keep anything, so there is no list.";

  let owner = null;
  let open = "";
  let known = null; // of the open conversation, the text that this page kept or opened
  let record = "";
  let deleted = null;
  let clearing = false;
  let opening = null;

  const prefix = () => `ask-the-shelf.${owner}.`;
  const isSound = (kept) =>
    kept !== null &&
    typeof kept === "object" &&
    typeof kept.title === "string" &&
    (kept.asked === null || typeof kept.asked === "string") &&
    Number.isSafeInteger(kept.questions) &&
    typeof kept.text === "string" &&
    kept.text.length <= LONGEST;

  // What is not ours or was damaged is dropped.
  function read(key) {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      if (isSound(kept)) return { ...kept, key };
    } catch {
      // Falls through to be dropped.
    }
    localStorage.removeItem(key);
    return null;
  }

  function all() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix()));
    const kept = keys.map(read).filter(Boolean);
    return kept.sort((a, b) => ((a.asked ?? "") < (b.asked ?? "") ? 1 : -1));
  }

  function write(key, { title, asked, questions, text }) {
    const value = JSON.stringify({ title, asked, questions, text });
    const others = all().filter((kept) => kept.key !== key);
    const size = (kept) => kept.key.length + kept.text.length + kept.title.length + 100;
    let used = key.length + value.length;
    const staying = others.filter((kept) => (used += size(kept)) <= MOST_CHARACTERS);
    const gone = others.filter((kept) => !staying.includes(kept));
    gone.forEach((kept) => localStorage.removeItem(kept.key));
    for (;;) {
      try {
        return localStorage.setItem(key, value);
      } catch (error) {
        const oldest = staying.pop();
        if (!oldest) throw error;
        localStorage.removeItem(oldest.key);
      }
    }
  }

  function element(name, attributes, ...children) {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...children);
    return made;
  }

  function button(className, text, about, press) {
    const spoken = element("span", { className: "vh" }, ` ${about}`);
    const made = element("button", { type: "button", className }, text);
    if (about) made.append(spoken);
    made.addEventListener("click", press);
    return made;
  }

  function when({ asked, questions }) {
    const count = questions === 1 ? "1 question" : `${questions} questions`;
    const at = asked === null ? NaN : Date.parse(asked);
    if (Number.isNaN(at)) return count;
    const style = { dateStyle: "long", timeStyle: "short" };
    return `${new Date(at).toLocaleString("en-GB", style)}, ${count}`;
  }

  function again(kept) {
    opening = kept;
    document.documentElement.dataset.opening = "";
    window.askPage.press("open-press", "open-text", kept.text);
  }

  function remove(kept) {
    localStorage.removeItem(kept.key);
    deleted = kept;
    if (kept.key === prefix() + open) window.askPage.press("again");
    render();
    document.querySelector("#history-list .undo").focus();
    window.askPage.say("Deleted");
  }

  function undo() {
    // Another tab may have gone on with it; what that kept is longer.
    if (!read(deleted.key)) write(deleted.key, deleted);
    deleted = null;
    render();
    focusList();
    window.askPage.say("Back in the list");
  }

  function clear() {
    all().forEach((kept) => localStorage.removeItem(kept.key));
    deleted = null;
    clearing = false;
    window.askPage.press("again");
    render();
    focusList();
    window.askPage.say("All conversations were deleted.");
  }

  function askWhetherToClear(yes) {
    clearing = yes;
    render();
    document.querySelector(`#history-list ${yes ? ".keep" : ".clear"}`).focus();
  }

  function focusList() {
    const list = document.getElementById("history-list");
    list.tabIndex = -1;
    list.focus();
  }

  function entry(kept) {
    const here = kept.key === prefix() + open ? "On this page. " : "";
    return element(
      "li",
      {},
      button("open", kept.title, "", () => again(kept)),
      element("p", { className: "when" }, here + when(kept)),
      button("delete", "Delete", kept.title, () => remove(kept)),
    );
  }

  function clearance(count) {
    if (!clearing) {
      return [button("clear", "Clear all", "", () => askWhetherToClear(true))];
    }
    const what = count === 1 ? "the conversation" : `all ${count} conversations`;
    const question = `Delete ${what} from this browser? That cannot be undone.`;
    return [
      element("p", {}, question),
      button("sure", "Delete all", "", clear),
      button("keep", "Keep them", "", () => askWhetherToClear(false)),
    ];
  }

  function parts() {
    const kept = all();
    const shown = [];
    if (deleted) {
      const line = element("p", { className: "deleted" }, `Deleted: ${deleted.title} `);
      line.append(button("undo", "Undo", "deleting it", undo));
      shown.push(line);
    }
    if (!kept.length) return [...shown, element("p", {}, NONE)];
    const list = element("ul", { role: "list" }, ...kept.map(entry));
    return [...shown, list, ...clearance(kept.length)];
  }

  function render() {
    const list = document.getElementById("history-list");
    if (!list || owner === null) return;
    let inside;
    try {
      inside = parts();
    } catch {
      inside = [element("p", {}, BLOCKED)];
    }
    const focused = list.contains(document.activeElement)
      ? document.activeElement.textContent
      : null;
    list.replaceChildren(...inside);
    const buttons = [...list.querySelectorAll("button")];
    buttons.find((made) => made.textContent === focused)?.focus();
  }

  // Another tab went on with the same conversation: what it kept stays, and this page
  // gets another id for its own.
  function keepApart() {
    window.askPage.press("apart-press");
  }

  function keep(told) {
    deleted = null;
    const key = prefix() + told.id;
    try {
      const kept = read(key);
      if (kept && kept.text !== known) return keepApart();
      write(key, told);
      known = told.text;
    } catch {
      // Nothing can be kept here; the list says so.
    }
  }

  // The page writes here what is to be kept, after each answer.
  function take(text) {
    record = text;
    const told = JSON.parse(text);
    owner = told.owner;
    if (told.id !== open) known = null;
    open = told.id;
    if (told.opened) known = opening ? opening.text : told.text;
    else if (told.text) keep(told);
    render();
    if (opening) {
      document.activeElement.blur();
      window.askPage.arrive();
    }
    opening = null;
    delete document.documentElement.dataset.opening;
  }

  new MutationObserver(() => {
    const text = document.querySelector("#record .record")?.textContent ?? "";
    if (text && text !== record) take(text);
    const list = document.getElementById("history-list");
    if (list && !list.hasChildNodes()) render();
  }).observe(document.documentElement, { childList: true, subtree: true });
  window.addEventListener("storage", render);
})();
