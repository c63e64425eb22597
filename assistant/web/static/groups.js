/* Groups of choices: Gradio gives them no name, and its radio buttons no group, so that
   the arrow keys do nothing and each is "1 of 1" to a screen reader. */
(() => {
  "use strict";

  let groups = 0;

  function mend(fieldset) {
    const label = fieldset.querySelector('[data-testid="block-info"]');
    if (label && fieldset.ariaLabel !== label.textContent) {
      fieldset.ariaLabel = label.textContent;
    }
    const radios = fieldset.querySelectorAll('input[type="radio"]');
    if (!radios.length) return;
    if (!fieldset.dataset.group) fieldset.dataset.group = `group-${++groups}`;
    if (fieldset.role !== "radiogroup") fieldset.role = "radiogroup";
    for (const radio of radios) {
      if (radio.name !== fieldset.dataset.group) radio.name = fieldset.dataset.group;
    }
  }

  new MutationObserver(() => {
    document.querySelectorAll(".gradio-container fieldset").forEach(mend);
  }).observe(document.documentElement, {
    attributeFilter: ["name"],
    attributes: true,
    childList: true,
    subtree: true,
  });
})();
