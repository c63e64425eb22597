/* What this browser keeps of each conversation, under a key of its own. */
(() => {
  "use strict";

  const MOST_CHARACTERS = 2_000_000; // of one person's; browsers give five million
  const LONGEST = 500_000;

  let owner = null;

  const prefix = () => `ask-the-shelf.${owner}.`;
  const isText = (value) => value === undefined || typeof value === "string";
  const isSound = (kept) =>
    kept !== null &&
    typeof kept === "object" &&
    typeof kept.title === "string" &&
    isText(kept.name) &&
    isText(kept.search) &&
    (kept.asked === null || typeof kept.asked === "string") &&
    Number.isSafeInteger(kept.questions) &&
    typeof kept.text === "string" &&
    kept.text.length <= LONGEST;

  // What is not ours or was damaged is dropped.
  function read(id) {
    const key = prefix() + id;
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      if (isSound(kept)) return { ...kept, id };
    } catch {
      // Falls through to be dropped.
    }
    localStorage.removeItem(key);
    return null;
  }

  function all() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix()));
    const kept = keys.map((key) => read(key.slice(prefix().length))).filter(Boolean);
    return kept.sort((a, b) => ((a.asked ?? "") < (b.asked ?? "") ? 1 : -1));
  }

  const remove = (id) => localStorage.removeItem(prefix() + id);

  // The oldest give way.
  function write(id, { title, name, asked, questions, search, text }) {
    const value = JSON.stringify({ title, name, asked, questions, search, text });
    const others = all().filter((kept) => kept.id !== id);
    const size = (kept) => JSON.stringify(kept).length + prefix().length;
    let used = id.length + value.length;
    const staying = others.filter((kept) => (used += size(kept)) <= MOST_CHARACTERS);
    others.filter((kept) => !staying.includes(kept)).forEach((kept) => remove(kept.id));
    for (;;) {
      try {
        return localStorage.setItem(prefix() + id, value);
      } catch (error) {
        const oldest = staying.pop();
        if (!oldest) throw error;
        remove(oldest.id);
      }
    }
  }

  window.askPage.store = {
    all,
    read,
    remove,
    write,
    get owner() {
      return owner;
    },
    set owner(name) {
      owner = name;
    },
  };
})();
