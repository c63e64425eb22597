/* The source of a citation in place: under the pointer or the focus beside the word, on a
   narrow screen, when it is tapped, as a sheet from below. */
(() => {
  "use strict";

  const WIDE = matchMedia("(min-width: 60rem)");
  const PAUSE = 250; // milliseconds: long enough to move from the word to the card

  let card = null;
  let shown = null;
  let timer = 0;

  function sourceOf(link) {
    return document.getElementById(link.hash.slice(1));
  }

  function make() {
    card = document.createElement("div");
    card.id = "cite-card";
    card.tabIndex = -1;
    document.querySelector("main").append(card);
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", leave);
    card.addEventListener("toggle", (event) => {
      if (event.newState === "closed") closed();
    });
    card.addEventListener("click", (event) => {
      if (event.target.closest(".close")) card.hidePopover();
    });
  }

  function fill(source) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "close";
    close.textContent = "Close";
    const parts = [...source.children].filter((part) => !part.matches(".page, .back"));
    card.replaceChildren(close, ...parts.map((part) => part.cloneNode(true)));
  }

  function place(link) {
    const word = link.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const left = Math.min(Math.max(word.left - 24, 12), innerWidth - width - 12);
    const below = word.bottom + 8;
    const fits = below + height < innerHeight || word.top < height + 8;
    card.style.left = `${left}px`;
    card.style.top = `${fits ? below : word.top - height - 8}px`;
  }

  function show(link, sheet) {
    const source = sourceOf(link);
    if (!source || (shown === link && card.matches(":popover-open"))) return;
    if (!card) make();
    if (card.matches(":popover-open")) card.hidePopover();
    fill(source);
    card.popover = sheet ? "auto" : "manual";
    card.classList.toggle("sheet", sheet);
    card.setAttribute("role", sheet ? "dialog" : "tooltip");
    if (sheet) card.ariaLabel = "Source";
    else card.removeAttribute("aria-label");
    card.removeAttribute("style");
    card.showPopover();
    shown = link;
    link.classList.add("shown");
    if (sheet) card.focus();
    else place(link);
  }

  // Back to the very word, where the sheet had the focus.
  function closed() {
    const link = shown;
    shown = null;
    if (!link) return;
    link.classList.remove("shown");
    const focused = document.activeElement;
    const lost = focused === document.body || card.contains(focused);
    if (card.classList.contains("sheet") && lost) link.focus({ preventScroll: true });
  }

  function hide() {
    clearTimeout(timer);
    if (card?.matches(":popover-open")) card.hidePopover();
  }

  function leave() {
    if (card?.classList.contains("sheet")) return;
    clearTimeout(timer);
    timer = setTimeout(hide, PAUSE);
  }

  const citeAt = (event) => event.target.closest?.(":is(#chat, .comparison) .cite");

  document.addEventListener("pointerover", (event) => {
    const link = citeAt(event);
    if (!link || event.pointerType !== "mouse" || !WIDE.matches) return;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE, link, false);
  });
  document.addEventListener("pointerout", (event) => {
    if (citeAt(event)) leave();
  });
  document.addEventListener("focusin", (event) => {
    const link = citeAt(event);
    if (link && WIDE.matches && link.matches(":focus-visible")) show(link, false);
    else if (card && !card.contains(event.target)) leave();
  });
  document.addEventListener(
    "click",
    (event) => {
      const link = citeAt(event);
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      hide();
      if (WIDE.matches || !sourceOf(link)) return;
      event.preventDefault();
      event.stopPropagation();
      show(link, true);
    },
    true,
  );
  // Before the keys of the page: it closes this, and nothing else.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !card?.matches(":popover-open")) return;
      event.preventDefault();
      hide();
    },
    true,
  );
  document.addEventListener("scroll", leave, { passive: true });
})();
