/* Sends a question again that was dropped: Gradio takes none while it still cancels the
   answer that was stopped, which lasts on a busy computer. */
(() => {
  "use strict";

  const LONGEST = 30_000;
  const PAUSE = 400;
  let stopped = -Infinity;
  let attempt = 0;

  function sendAgain(text, mine) {
    const box = document.querySelector("#question textarea");
    const taken = document.querySelector(
      "#chat :is(.pending, .growing), #question-fault p",
    );
    const over = performance.now() - stopped > LONGEST;
    if (mine !== attempt || taken || over || box?.value !== text) return;
    document.getElementById("send").click();
    setTimeout(sendAgain, PAUSE, text, mine);
  }

  function sent() {
    const text = document.querySelector("#question textarea").value;
    attempt += 1;
    if (performance.now() - stopped > LONGEST || !text.trim()) return;
    setTimeout(sendAgain, PAUSE, text, attempt);
  }

  document.addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    if (event.target.closest("#stop, #again")) stopped = performance.now();
    if (event.target.closest("#send")) sent();
  });
  document.addEventListener("keydown", (event) => {
    const plain = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (plain && event.target.matches("#question textarea")) sent();
  });
})();
