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
  const steps = form ? [...form.querySelectorAll("[data-step]")] : [];
  const [back, next, send] = ["back", "next", "send"].map((name) => root.querySelector(`[data-${name}]`));
  const EVERY = 60_000;
  let at = 0;
  let idleTimer = 0;
  let busy = false;
  let tappedAt = -1000;

  /* ------------------------------------------------------------- questions */
  const isText = (step) => Boolean(step.querySelector("textarea, input[type=text], input[type=date]"));
  const needed = (step) => step.hasAttribute("data-required");
  const given = (step) => [...new FormData(form).entries()].some(([name, value]) => value && step.querySelector(`[name="${CSS.escape(name)}"]`));

  function show(number) {
    at = Math.max(0, Math.min(number, steps.length - 1));
    steps.forEach((step, index) => { step.hidden = index !== at; });
    back.hidden = at === 0;
    next.hidden = at === steps.length - 1;
    send.hidden = !next.hidden;
    root.querySelector("[data-progress]").value = at + 1;
  }

  function goOn() {
    if (needed(steps[at]) && !given(steps[at])) { steps[at].classList.add("missing"); return; }
    steps[at].classList.remove("missing");
    if (at < steps.length - 1) show(at + 1);
    else finish();
  }

  function begin() {
    form.reset();
    clearTimeout(idleTimer);
    thanks.hidden = true;
    form.hidden = false;
    steps.forEach((step) => step.classList.remove("missing"));
    show(0);
    if (root.dataset.first !== location.pathname + location.search) location.replace(root.dataset.first);
  }

  const answers = (steps) => {
    const names = new Set(steps.flatMap((step) => [...step.querySelectorAll("[name]")].map((field) => field.name)));
    return [...new FormData(form).entries()].filter(([name, value]) => value !== "" && names.has(name));
  };

  async function keep(which) {
    const found = answers(which);
    if (!found.length) return false;
    const told = ["version", "language"].map((name) => [name, form.elements[name].value]);
    await kioskStore.keep(collector, [...found, ...told]);
    return true;
  }

  async function finish() {
    if (busy) return;
    busy = true;
    try {
      if (!(await keep(steps))) { show(0); return; }
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
    const tapped = steps.filter((step) => !isText(step));
    if (!busy && !steps.some((step) => needed(step) && !(tapped.includes(step) && given(step)))) {
      if (await keep(tapped)) talk();
    }
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
      const resting = !form || (at === 0 && !form.hidden && !given(steps[0]));
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
      if (event.target.type === "radio" && byThumb && !isText(steps[at])) setTimeout(goOn, 250);
    });
    back.addEventListener("click", () => show(at - 1));
    form.classList.add("ready");
    show(0);
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
