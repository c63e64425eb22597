/* Which conversation is on the page: kept as it goes on, and opened by its address. */
(() => {
  "use strict";

  const NOT_HERE = "This conversation is not kept in this browser.";

  let open = "";
  let known = null; // of the open conversation, the text that this page kept or opened
  let record = "";
  let opening = null;

  const asked = () => new URLSearchParams(location.search).get("c") ?? "";
  const address = (id) => location.pathname + (id ? `?c=${encodeURIComponent(id)}` : "");

  function begin(kept) {
    opening = kept;
    document.documentElement.dataset.opening = "";
    window.askPage.press("open-press", "open-text", kept.text);
  }

  function end() {
    opening = null;
    delete document.documentElement.dataset.opening;
  }

  function tell(text) {
    document.getElementById("address-told")?.remove();
    if (!text) return;
    const note = document.createElement("p");
    note.id = "address-told";
    note.setAttribute("role", "alert");
    note.textContent = text;
    document.getElementById("conversation").prepend(note);
  }

  function openById(id) {
    const kept = window.askPage.store.read(id);
    if (kept) return begin(kept);
    end();
    tell(NOT_HERE);
    history.replaceState(null, "", address(""));
  }

  // Another tab went on with the same conversation: what it kept stays, and this page
  // gets another id for its own, once its answer is whole.
  function keep(told) {
    const { store, press } = window.askPage;
    try {
      const kept = store.read(told.id);
      if (kept && kept.text !== known && kept.text !== told.text) {
        if (!told.pending) press("apart-press");
        return;
      }
      if (kept?.text !== told.text) store.write(told.id, { ...told, name: kept?.name });
      known = told.text;
    } catch {
      // Nothing can be kept here; the list says so.
    }
  }

  // The page writes here what is to be kept: with each question, and with its answer.
  function take(text) {
    const first = record === "";
    record = text;
    const told = JSON.parse(text);
    window.askPage.store.owner = told.owner;
    if (first && !told.id && asked()) return openById(asked());
    if (told.id !== open) known = null;
    open = told.id;
    if (told.opened) known = opening?.text ?? told.text;
    if (told.text) keep(told);
    if (asked() !== open) history.pushState(null, "", address(open));
    sessionStorage.setItem("ask-the-shelf.open", open);
    tell("");
    if (opening) {
      document.activeElement.blur();
      window.askPage.arrive();
    }
    end();
  }

  window.addEventListener("popstate", () => {
    if (asked() === open) return;
    if (asked()) openById(asked());
    else window.askPage.press("again");
  });

  if (asked()) document.documentElement.dataset.opening = "";
  Object.assign(window.askPage, {
    addressOf: address,
    openById,
    isOpen: (id) => id === open,
  });
  new MutationObserver(() => {
    const text = document.querySelector("#record .record")?.textContent ?? "";
    if (text && text !== record) {
      take(text);
      window.askPage.listConversations();
    }
    if (opening && document.querySelector('#history-told [role="alert"]')) end();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
