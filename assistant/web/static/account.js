/* Who is signed in, the way out, and what is said once the session has ended. */
(() => {
  "use strict";

  const at = (path) => new URL(path, document.baseURI);

  function bar(person) {
    const account = document.createElement("nav");
    account.id = "account";
    account.setAttribute("aria-label", "Your account");
    const name = document.createElement("span");
    name.textContent = `Signed in as ${person.name}`;
    account.append(name);
    if (person.signs_out) {
      const form = document.createElement("form");
      form.method = "post";
      form.action = at("logout");
      const button = document.createElement("button");
      button.textContent = "Sign out";
      form.append(button);
      account.append(form);
    }
    document.body.prepend(account);
  }

  let told = false;

  function ended() {
    if (told) return;
    told = true;
    const notice = document.createElement("div");
    notice.id = "session-ended";
    notice.setAttribute("role", "alert");
    const link = document.createElement("a");
    link.href = location.pathname + location.search;
    link.textContent = "Sign in again";
    notice.append("Your session has ended. What you see here stays. ", link);
    document.body.prepend(notice);
  }

  // Gradio tells of a refused call in a corner, and of a refused stream not at all.
  const ask = window.fetch;
  window.fetch = async (...request) => {
    const response = await ask(...request);
    if (response.status === 401 && response.url.startsWith(at(".").href)) ended();
    return response;
  };

  async function begin() {
    const response = await ask(at("account"));
    const person = response.ok ? await response.json() : {};
    if (person.name) bar(person);
  }

  // Gradio may put this into the page before or after the page is whole.
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin);
  } else {
    begin();
  }
})();
