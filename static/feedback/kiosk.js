/* The kiosk's screen: one question after the other, thanks, and back to the beginning.

   Whoever walks away leaves taps that count and words that do not: at the idle reset what was tapped is
   kept as a card where nothing required is missing, what was typed and not sent is thrown away. */
(() => {
  "use strict";
  const root = document.querySelector("[data-kiosk]");
  const { collector, cards, contact, mark, exit, device } = root.dataset;
  const idle = Number(root.dataset.idle) * 1000;
  const interval = Number(root.dataset.interval) * 1000;
  const form = root.querySelector("form[data-card]");
  const thanks = root.querySelector("[data-thanks]");
  const offline = root.querySelector("[data-offline]");
  let steps = form ? [...form.querySelectorAll("[data-step]")] : [];
  const consent = root.querySelector("[data-consent]");
  const [back, next, send] = ["back", "next", "send"].map((name) => root.querySelector(`[data-${name}]`));
  const EVERY = 60_000;
  let current = steps[0];
  let idleTimer = 0;
  let busy = false;
  let tappedAt = -1000;
  let tapTimer = 0;

  /* ------------------------------------------------------------- questions */
  const isWords = (field) => field.matches("textarea, input[type=text], input[type=date]");
  const namesIn = (step) => [...new Set([...step.querySelectorAll("[name]")].map((field) => field.name))];
  const valuesOf = (name) => new FormData(form).getAll(name).filter((value) => value !== "");
  const given = (step) => namesIn(step).some((name) => valuesOf(name).length);
  const complete = (step) => namesIn(step).every((name) => name.endsWith(".other") || valuesOf(name).length);
  const missing = (step) => step.hasAttribute("data-required") && !complete(step);
  const isOneTap = (step) => namesIn(step).length === 1 && !step.querySelector("input:not([type=radio]), textarea");

  /* Whether the rule of a step holds over the answers before it: as feedback/showing.py says it. */
  function holds(condition, values) {
    const { is: test, value: wanted } = condition;
    const [first] = values;
    if (first === undefined || test === "unanswered") return test === "unanswered" && first === undefined;
    const na = first === "na";
    if (test === "answered" || test === "na") return na === (test === "na");
    const same = values.includes(String(wanted));
    if (test === "equals" || test === "differs") return same === (test === "equals");
    if (na) return false;
    return test === "least" ? Number(first) >= wanted : Number(first) <= wanted;
  }

  function asked() {
    const shown = [];
    for (const step of steps) {
      const { match, conditions = [] } = JSON.parse(step.dataset.rule || "{}");
      const names = new Set(shown.flatMap(namesIn));
      const meets = (condition) => holds(condition, names.has(`q-${condition.question}`) ? valuesOf(`q-${condition.question}`) : []);
      if (!conditions.length || (match === "any" ? conditions.some(meets) : conditions.every(meets))) shown.push(step);
    }
    return shown;
  }

  function show(step) {
    const all = asked();
    current = all.includes(step) ? step : all[0];
    for (const each of steps) each.hidden = each !== current;
    back.hidden = current === all[0];
    next.hidden = current === all.at(-1);
    send.hidden = !next.hidden;
    if (consent) consent.hidden = send.hidden;
    const progress = root.querySelector("[data-progress]");
    progress.max = all.length;
    progress.value = all.indexOf(current) + 1;
  }

  const beside = (way) => { const all = asked(); return all[all.indexOf(current) + way]; };

  function goOn() {
    clearTimeout(tapTimer); // two taps are one answer
    current.classList.toggle("missing", missing(current));
    if (missing(current)) return;
    const following = beside(1);
    if (following) show(following);
    else finish();
  }

  /* Random order, drawn anew for each card: questions within their page, options and rows among themselves. */
  function shuffled(parts) {
    const drawn = [...parts];
    for (let last = drawn.length - 1; last > 0; last -= 1) {
      const chosen = Math.floor(Math.random() * (last + 1));
      [drawn[last], drawn[chosen]] = [drawn[chosen], drawn[last]];
    }
    return drawn;
  }

  function draw() {
    for (const page of new Set(steps.map((step) => step.dataset.free).filter(Boolean))) {
      const turn = shuffled(steps.filter((step) => step.dataset.free === page));
      steps = steps.map((step) => step.dataset.free === page ? turn.shift() : step);
    }
    for (const parent of form.querySelectorAll("[data-shuffle]")) {
      const parts = [...parent.querySelectorAll(":scope > [data-part]")];
      const after = parts.at(-1)?.nextSibling || null;
      for (const part of shuffled(parts)) parent.insertBefore(part, after);
    }
  }

  function begin() {
    clearTimeout(idleTimer);
    if (root.dataset.first !== location.pathname + location.search) { location.replace(root.dataset.first); return; }
    form.reset();
    thanks.hidden = true;
    form.hidden = false;
    for (const step of steps) step.classList.remove("missing");
    draw();
    show(steps[0]);
  }

  function answers(withWords) {
    const names = new Set(asked().flatMap(namesIn));
    const words = new Set([...form.elements].filter(isWords).map((field) => field.name));
    return [...new FormData(form)].filter(([name, value]) => value !== "" && names.has(name) && (withWords || !words.has(name)));
  }

  async function keep(withWords) {
    const found = answers(withWords);
    if (!found.length) return false;
    const told = ["questionnaire", "version", "language"].map((name) => [name, form.elements[name].value]);
    if (consent && withWords) told.push(["consent", consent.querySelector("[type=checkbox]").checked ? "yes" : "no"]);
    await kioskStore.keep(collector, [...found, ...told]);
    return true;
  }

  async function finish() {
    if (busy || form.hidden) return;
    busy = true;
    try {
      if (!(await keep(true))) { show(steps[0]); return; }
      clearTimeout(idleTimer);
      form.hidden = true;
      thanks.hidden = false;
      thanks.focus();
      setTimeout(begin, interval);
      talk();
    } finally {
      busy = false;
    }
  }

  async function wentAway() {
    const needsWords = (step) => step.hasAttribute("data-required") && [...step.querySelectorAll("[name]")].some(isWords);
    if (!busy && !asked().some((step) => missing(step) || needsWords(step)) && await keep(false)) talk();
    begin();
  }

  function touched() {
    clearTimeout(idleTimer);
    if (form && !form.hidden) idleTimer = setTimeout(wentAway, idle);
  }

  /* --------------------------------------------------------------- sending */
  let talking = null;
  function talk(again = false) {
    talking = (talking || Promise.resolve()).then(() => talkOnce(again));
    return talking;
  }

  async function talkOnce(again) {
    try {
      await kioskStore.send(collector, cards, again);
      const told = await kioskStore.contact(collector, contact);
      localStorage.setItem("kiosk-contact", new Date().toISOString());
      offline.hidden = true;
      const resting = !form || (current === steps[0] && !form.hidden && !given(current));
      if (told.mark !== mark && resting && !panel.open) location.reload();
    } catch {
      offline.hidden = false;
    }
    await tell();
  }

  async function tick() {
    await kioskStore.markHour();
    await talk();
  }

  /* ------------------------------------------------- for colleagues, by code */
  const panel = root.querySelector("[data-staff]");
  const code = panel.querySelector("input");
  const inside = panel.querySelector("[data-inside]");
  const wrong = panel.querySelector("[data-wrong]");
  let misses = 0;
  let lockedUntil = 0;

  async function tell() {
    const { waiting, refused } = await kioskStore.count(collector);
    root.querySelector("[data-waiting]").textContent = waiting;
    root.querySelector("[data-refused]").textContent = refused;
    const last = localStorage.getItem("kiosk-contact");
    if (last) root.querySelector("[data-last]").textContent = new Date(last).toLocaleString();
  }

  async function check(event) {
    event.preventDefault();
    const bytes = new TextEncoder().encode(`${device}:${code.value}`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const right = hex === exit && Date.now() > lockedUntil;
    code.value = "";
    wrong.hidden = right;
    panel.querySelector("form").hidden = right;
    inside.hidden = !right;
    if (right) { misses = 0; await tell(); return; }
    misses += 1;
    if (misses >= 5) { misses = 0; lockedUntil = Date.now() + 60_000; }
  }

  function closePanel() {
    panel.close();
    inside.hidden = true;
    panel.querySelector("form").hidden = false;
    wrong.hidden = true;
    code.value = "";
  }

  root.querySelector("[data-open]").addEventListener("click", () => panel.showModal());
  panel.querySelector("form").addEventListener("submit", check);
  panel.querySelector("[data-close]").addEventListener("click", closePanel);
  panel.querySelector("[data-now]").addEventListener("click", () => talk(true));
  panel.querySelector("[data-leave]").addEventListener("click", async () => {
    sessionStorage.setItem("kiosk-left", "yes");
    if (document.fullscreenElement) await document.exitFullscreen();
    removeEventListener("popstate", stay);
    location.assign(root.dataset.away);
  });

  /* ---------------------------------------------------------- full screen */
  function fill() {
    touched();
    if (!document.fullscreenElement && sessionStorage.getItem("kiosk-left") !== "yes") {
      document.documentElement.requestFullscreen?.().catch(() => {});
    }
  }

  function stay() { history.pushState(null, "", location.href); }

  addEventListener("pointerdown", () => { tappedAt = performance.now(); });
  addEventListener("pointerup", fill);
  addEventListener("keydown", touched);
  addEventListener("popstate", stay);
  addEventListener("contextmenu", (event) => event.preventDefault());
  addEventListener("online", () => talk());
  addEventListener("offline", () => { offline.hidden = false; });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); });
  navigator.wakeLock?.request("screen").catch(() => {});

  if (form) {
    form.addEventListener("submit", (event) => { event.preventDefault(); goOn(); });
    form.addEventListener("change", (event) => {
      const byThumb = performance.now() - tappedAt < 1000; // with the arrow keys one is still looking
      show(current);
      const asksMore = consent && !consent.hidden;
      clearTimeout(tapTimer);
      if (byThumb && isOneTap(current) && !asksMore) tapTimer = setTimeout(goOn, 250);
    });
    back.addEventListener("click", () => show(beside(-1)));
    form.classList.add("ready");
    draw();
    show(steps[0]);
  }
  sessionStorage.removeItem("kiosk-left");
  stay();
  setInterval(tick, EVERY);
  tick();

  /* The files and this page in every language are kept, so that it begins without a network too. */
  navigator.serviceWorker?.register(root.dataset.worker).then(() => navigator.serviceWorker.ready).then(async () => {
    const pages = [root.dataset.first, ...[...root.querySelectorAll("[data-tongue]")].map((link) => link.href)];
    await (await caches.open("kiosk-pages")).addAll(pages);
    root.dataset.kept = "yes";
  }).catch(() => {});
  navigator.storage?.persist?.();
})();
