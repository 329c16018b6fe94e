/* Keeps what is typed into a form that has data-draft (the form's address) and data-draft-person.

   Every few seconds after typing the words go to the server. When that fails (the session has ended,
   the network is gone), and whenever the form is sent, they stay in this browser until the server says
   by a cookie that the form is saved. What is left over is offered when the form is opened again. */
(() => {
  "use strict";
  const PAUSE = 2500;
  const FORGOTTEN = 30 * 24 * 3600 * 1000;
  const PREFIX = "charterwell-draft ";
  const IGNORED = new Set(["csrfmiddlewaretoken", "preview"]);

  const store = {
    get(key) {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    set(key, content) {
      try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), content })); return true; } catch { return false; }
    },
    drop(key) {
      try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
    },
    keys() {
      try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
    },
  };

  function tidy() {
    const saved = document.cookie.match(/(?:^|; )saved-form=([^;]*)/);
    const address = saved ? decodeURIComponent(saved[1].replaceAll('"', "")) : "";
    if (saved) document.cookie = "saved-form=; path=/; max-age=0; samesite=lax";
    for (const key of store.keys()) {
      const row = store.get(key);
      const isSaved = address && key.endsWith(` ${address}`);
      if (isSaved || !row || Date.now() - row.at > FORGOTTEN) store.drop(key);
    }
  }

  function wordsOf(form) {
    const content = {};
    const secrets = new Set([...form.querySelectorAll("[data-draft-never]")].map((field) => field.name));
    for (const [name, value] of new FormData(form)) {
      if (!IGNORED.has(name) && !secrets.has(name) && typeof value === "string") {
        (content[name] ||= []).push(value.replaceAll("\r\n", "\n"));
      }
    }
    return content;
  }

  function same(one, other) {
    const plain = (content) => JSON.stringify(
      Object.entries(content)
        .filter(([name, values]) => name !== "version" && values.some((value) => value !== ""))
        .map(([name, values]) => [name, values.map((value) => value.trim())])
        .sort(),
    );
    return plain(one) === plain(other);
  }

  function fill(form, content) {
    const filled = {};
    for (const field of form.elements) {
      if (!field.name || IGNORED.has(field.name) || field.type === "submit") continue;
      if ("draftNever" in field.dataset) continue;
      const values = content[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
      else {
        // Several fields of one name, as the lines of a list, take their words in order.
        filled[field.name] = (filled[field.name] ?? -1) + 1;
        field.value = values[filled[field.name]] ?? "";
      }
    }
    for (const fold of form.querySelectorAll("details")) fold.open = true;
  }

  function watch(form) {
    const key = `${PREFIX}${form.dataset.draftPerson} ${form.dataset.draft}`;
    const status = form.querySelector("[data-draft-status]");
    const opened = wordsOf(form);
    let last = opened;
    let timer = 0;

    function say(words) {
      if (status && status.textContent !== words) status.textContent = words;
    }

    function keepHere(words) {
      if (store.set(key, words) && status) say(status.dataset.here);
    }

    async function keep() {
      timer = 0;
      const words = wordsOf(form);
      if (same(words, last)) return;
      const body = new FormData();
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.set("form", form.dataset.draft);
      body.set("content", JSON.stringify(words));
      try {
        const answer = await fetch(form.dataset.draftKeep, { method: "POST", body, redirect: "manual" });
        if (!answer.ok) throw new Error("not kept");
        last = words;
        store.drop(key);
        if (status) say(`${status.dataset.kept} ${(await answer.json()).kept}`);
      } catch {
        keepHere(words);
      }
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    }

    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      timer = 0;
      if (event.submitter?.name !== "preview" && !same(wordsOf(form), opened)) store.set(key, wordsOf(form));
    });
    addEventListener("pagehide", () => {
      if (timer) store.set(key, wordsOf(form));
    });

    const left = store.get(key);
    const isBefore = (each) => each.compareDocumentPosition(form) & Node.DOCUMENT_POSITION_FOLLOWING;
    const offer = [...document.querySelectorAll("[data-draft-here]")].filter(isBefore).pop();
    if (!left || !offer) return;
    if (same(left.content, opened)) {
      store.drop(key);
      return;
    }
    offer.querySelector("time").textContent = new Date(left.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
    offer.hidden = false;
    offer.querySelector("[data-use]").addEventListener("click", () => {
      fill(form, left.content);
      offer.hidden = true;
      form.dispatchEvent(new Event("input", { bubbles: true }));
      form.querySelector("textarea, input:not([type=hidden])")?.focus();
    });
    offer.querySelector("[data-discard]").addEventListener("click", () => {
      store.drop(key);
      offer.hidden = true;
    });
  }

  tidy();
  for (const form of document.querySelectorAll("form[data-draft]")) watch(form);
})();
