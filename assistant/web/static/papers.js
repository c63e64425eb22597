/* A paper for the question's box: dropped anywhere on the page, or pasted. A question that
   is sent while it is read waits for it. */
(() => {
  "use strict";

  const WAITS = "Your question is asked as soon as the paper is read.";
  const BUSY = "Wait until the paper before is read; then drop the next one.";
  let reading = false;
  let waits = false;
  let done = "";

  const field = () => document.querySelector('input[type="file"]:has(+ #paper)');
  const holdsFiles = (data) => [...(data?.types ?? [])].includes("Files");
  const light = (on) => document.getElementById("asking")?.classList.toggle("dropping", on);

  // Gradio tells of a file that is refused in a corner of the page; here it belongs.
  function tell(text) {
    document.getElementById("paper-refused")?.remove();
    if (!text) return;
    const note = document.createElement("p");
    note.id = "paper-refused";
    note.role = "alert";
    note.textContent = text;
    document.getElementById("buttons").before(note);
  }

  function take(event, data) {
    if (!field() || !holdsFiles(data) || !data.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    const files = new DataTransfer();
    [...data.files].forEach((file) => files.items.add(file));
    field().files = files.files;
    field().dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("dragover", (event) => {
    if (!field() || !holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    light(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) light(false);
  });

  function hold(event) {
    if (!reading) return;
    event.preventDefault();
    event.stopPropagation();
    waits = true;
    tell(WAITS);
  }

  // Before Gradio hears of it.
  const first = { capture: true };
  document.addEventListener("drop", (event) => {
    light(false);
    take(event, event.dataTransfer);
  }, first);
  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("#question")) take(event, event.clipboardData);
  }, first);
  document.addEventListener("change", (event) => {
    if (event.target !== field() || !event.target.files.length) return;
    if (reading) {
      event.stopPropagation();
      tell(BUSY);
      return;
    }
    reading = true;
    tell("");
  }, first);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#send")) hold(event);
    if (event.target.closest("#paper-told .away")) window.askPage.press("away-press");
  }, first);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (event.target.closest("#question")) hold(event);
  }, first);

  new MutationObserver(() => {
    const now = document.getElementById("paper-done")?.textContent ?? "";
    const toast = reading && document.querySelector(".toast-body.error");
    if (toast) {
      tell(toast.querySelector('[data-testid="toast-text"]')?.textContent.trim());
      toast.querySelector('[data-testid="toast-close"]')?.click();
    }
    if (now !== done || toast) reading = false;
    done = now;
    if (reading || !waits) return;
    waits = false;
    if (!toast) tell("");
    document.getElementById("send").click();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
