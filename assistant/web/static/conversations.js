/* The list of conversations: by day, searched, renamed, deleted. */
(() => {
  "use strict";

  const NONE = "None yet. Each question that you ask here is kept.";
  const BLOCKED = "This browser does not let pages keep anything, so there is no list.";

  let deleted = null;
  let renaming = null;
  let clearing = false;

  function element(name, attributes, ...children) {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...children);
    return made;
  }

  function button(className, text, about, press) {
    const made = element("button", { type: "button", className }, text);
    if (about) made.append(element("span", { className: "vh" }, ` ${about}`));
    made.addEventListener("click", press);
    return made;
  }

  const nameOf = (kept) => kept.name || kept.title;

  function dayOf({ asked }) {
    const at = new Date(asked ?? NaN);
    if (Number.isNaN(at.getTime())) return "Earlier";
    const days = (new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 864e5;
    if (Math.round(days) <= 0) return "Today";
    if (Math.round(days) === 1) return "Yesterday";
    return at.toLocaleDateString("en-GB", { dateStyle: "long" });
  }

  function whenOf({ asked, questions }) {
    const count = questions === 1 ? "1 question" : `${questions} questions`;
    const at = new Date(asked ?? NaN);
    if (Number.isNaN(at.getTime())) return [count];
    const time = at.toLocaleTimeString("en-GB", { timeStyle: "short" });
    return [time, element("span", { className: "vh" }, `, ${count}`)];
  }

  function remove(kept) {
    window.askPage.store.remove(kept.id);
    window.askPage.press("forget-press", "forget-ids", kept.id);
    deleted = kept;
    if (window.askPage.isOpen(kept.id)) window.askPage.press("again");
    render();
    document.querySelector("#history-list .undo").focus();
    window.askPage.say("Deleted");
  }

  function undo() {
    const { store, say } = window.askPage;
    // Another tab may have gone on with it; what that kept is longer.
    if (!store.read(deleted.id)) store.write(deleted.id, deleted);
    deleted = null;
    render();
    focusSearch();
    say("Back in the list");
  }

  function clear() {
    const { store, press, say } = window.askPage;
    const ids = store.all().map((kept) => kept.id);
    ids.forEach((id) => store.remove(id));
    press("forget-press", "forget-ids", ids.join(" "));
    deleted = null;
    clearing = false;
    press("again");
    render();
    document.querySelector("#question textarea").focus();
    say("All conversations were deleted.");
  }

  function askWhetherToClear(yes) {
    clearing = yes;
    render();
    document.querySelector(`#history-list ${yes ? ".keep" : ".clear"}`).focus();
  }

  const focusSearch = () => document.querySelector("#history-list .search")?.focus();

  function rename(id) {
    renaming = id;
    render();
    const field = document.querySelector("#history-list .name");
    field?.focus();
    field?.select();
  }

  function named(kept, name) {
    if (renaming !== kept.id) return;
    renaming = null;
    const { store } = window.askPage;
    const now = store.read(kept.id);
    if (now && name.trim()) store.write(kept.id, { ...now, name: name.trim().slice(0, 120) });
    render();
    document.querySelector(`#history-list [data-id="${kept.id}"] .open`)?.focus();
  }

  function nameField(kept) {
    const field = element("input", { className: "name", value: nameOf(kept), maxLength: 120 });
    field.ariaLabel = "Name of this conversation";
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") named(kept, field.value);
      if (event.key === "Escape") named(kept, "");
      if (event.key === "Escape") event.preventDefault();
    });
    field.addEventListener("blur", () => named(kept, field.value));
    return field;
  }

  function link(kept) {
    const { addressOf, isOpen, openById } = window.askPage;
    const made = element("a", { className: "open", href: addressOf(kept.id) }, nameOf(kept));
    if (isOpen(kept.id)) made.ariaCurrent = "page";
    made.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      window.askPage.closeDrawer();
      if (!isOpen(kept.id)) openById(kept.id);
    });
    return made;
  }

  function entry(kept) {
    const made = element(
      "li",
      {},
      renaming === kept.id ? nameField(kept) : link(kept),
      element("span", { className: "when" }, ...whenOf(kept)),
      button("rename", "Rename", nameOf(kept), () => rename(kept.id)),
      button("delete", "Delete", nameOf(kept), () => remove(kept)),
    );
    made.dataset.id = kept.id;
    return made;
  }

  function days(kept, wanted) {
    const words = wanted.toLowerCase().split(/\s+/);
    const text = (one) => `${nameOf(one)} ${one.title} ${one.search ?? ""}`.toLowerCase();
    const found = kept.filter((one) => words.every((word) => text(one).includes(word)));
    if (!found.length) return [element("p", {}, `Nothing found for “${wanted}”.`)];
    const grouped = Map.groupBy(found, dayOf);
    return [...grouped].flatMap(([day, own]) => [
      element("h3", {}, day),
      element("ul", { role: "list" }, ...own.map(entry)),
    ]);
  }

  function clearance(count) {
    if (!clearing) {
      return [button("clear", "Clear all", "", () => askWhetherToClear(true))];
    }
    const what = count === 1 ? "the conversation" : `all ${count} conversations`;
    return [
      element("p", {}, `Delete ${what} from this browser? That cannot be undone.`),
      button("sure", "Delete all", "", clear),
      button("keep", "Keep them", "", () => askWhetherToClear(false)),
    ];
  }

  function undoing() {
    if (!deleted) return [];
    const line = element("p", { className: "deleted" }, `Deleted: ${nameOf(deleted)} `);
    line.append(button("undo", "Undo", "deleting it", undo));
    return [line];
  }

  function parts(wanted) {
    const kept = window.askPage.store.all();
    if (!kept.length) return [...undoing(), element("p", {}, NONE)];
    return [...undoing(), ...days(kept, wanted), ...clearance(kept.length)];
  }

  function searching(list) {
    const field = element("input", { type: "search", className: "search" });
    field.ariaLabel = "Search conversations";
    field.placeholder = "Search";
    field.addEventListener("input", render);
    list.append(field, element("div", { className: "found" }));
  }

  function render() {
    const list = document.getElementById("history-list");
    if (!list || window.askPage.store.owner === null) return;
    if (!list.hasChildNodes()) searching(list);
    const [field, found] = list.children;
    let inside;
    try {
      inside = parts(field.value.trim());
    } catch {
      inside = [element("p", {}, BLOCKED)];
    }
    const focused = found.contains(document.activeElement)
      ? document.activeElement.textContent
      : null;
    found.replaceChildren(...inside);
    field.hidden = !found.querySelector("li") && !field.value;
    const controls = [...found.querySelectorAll("button, a")];
    if (focused) controls.find((made) => made.textContent === focused)?.focus();
  }

  window.askPage.listConversations = render;
  new MutationObserver(() => {
    const list = document.getElementById("history-list");
    if (list && !list.hasChildNodes()) render();
  }).observe(document.documentElement, { childList: true, subtree: true });
  window.addEventListener("storage", () => {
    if (renaming === null) render();
  });
})();
