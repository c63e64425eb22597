/* Says so where the picture of a page could not be drawn. */
(() => {
  "use strict";

  // An image's errors do not rise: they are caught on their way down.
  document.addEventListener(
    "error",
    (event) => {
      const image = event.target;
      if (!(image instanceof HTMLImageElement)) return;
      const fold = image.closest("#sources .page");
      if (!fold) return;
      fold.classList.add("failed-to-draw");
      fold.querySelector(".undrawn").setAttribute("role", "status");
    },
    true,
  );
})();
