/* The kiosk's memory: cards that were not confirmed yet, and the hours in which it ran.

   A card is deleted here only after the server has said that it is stored (200, 201) or was erased since
   (410); never by age. What the server will not take (409, 422) is kept and counted for a colleague, and so
   is a card that fails again and again while the server answers: no card holds the others up. */
const kioskStore = (() => {
  "use strict";
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("charterwell-kiosk", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("cards", { keyPath: "uid" });
      request.result.createObjectStore("hours", { keyPath: "hour" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  async function work(store, mode, action) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode, { durability: "strict" });
      const request = action(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  const put = (store, row) => work(store, "readwrite", (rows) => rows.put(row));
  const remove = (store, key) => work(store, "readwrite", (rows) => rows.delete(key));
  const all = (store) => work(store, "readonly", (rows) => rows.getAll());

  /* ------------------------------------------------------------------ the clock
     From a contact on we know by how much this clock is ahead of the server's, until it may have been set
     anew: it jumped, or nobody watched it for a while. A jump forward may be sleep; one back, or by more
     than a month while we watched, is a clock that was set: cards that nobody could date go with it. */
  const MINUTE = 60_000;
  const MONTH = 30 * 24 * 60 * MINUTE;
  const session = crypto.randomUUID();
  let watched = null;

  const ahead = () => localStorage.getItem("kiosk-ahead");

  async function watchClock() {
    const [wall, tick] = [Date.now(), performance.now()];
    const last = watched || JSON.parse(localStorage.getItem("kiosk-clock") || "null");
    const here = Boolean(watched);
    watched = { wall, tick };
    localStorage.setItem("kiosk-clock", JSON.stringify({ wall }));
    if (!last) return;
    const jump = wall - last.wall - (here ? tick - last.tick : 0);
    if (jump < -MINUTE || jump > (here ? MINUTE : 10 * MINUTE)) localStorage.removeItem("kiosk-ahead");
    if (jump < -MINUTE || (here && jump > MONTH)) await setAnew(jump, (card) => here ? card.session === session : Date.parse(card.answered_at) > wall);
  }

  async function setAnew(jump, isOfThatClock) {
    for (const card of await all("cards")) {
      if (card.ahead || !isOfThatClock(card)) continue;
      await put("cards", { ...card, answered_at: new Date(Date.parse(card.answered_at) + jump).toISOString() });
    }
  }

  /* ------------------------------------------------------------------ cards
     uid: a version 4 UUID, made once and sent with every attempt. */
  async function keep(collector, fields) {
    await watchClock();
    const card = { uid: crypto.randomUUID(), collector, fields, session, answered_at: new Date().toISOString() };
    return put("cards", ahead() === null ? card : { ...card, ahead: ahead() });
  }

  /* Those that failed before come last. */
  async function cardsOf(collector) {
    const cards = (await all("cards")).filter((card) => card.collector === collector);
    const failed = (card) => (card.tries || 0) + (card.lost || 0);
    return cards.sort((one, other) => failed(one) - failed(other) || one.answered_at.localeCompare(other.answered_at));
  }

  async function count(collector) {
    const cards = await cardsOf(collector);
    const refused = cards.filter((card) => card.refused).length;
    return { waiting: cards.length - refused, refused };
  }

  async function markHour() {
    await watchClock();
    const known = ahead() !== null;
    const now = new Date(Date.now() - (known ? Number(ahead()) : 0));
    now.setUTCMinutes(0, 0, 0);
    return put("hours", { hour: now.toISOString(), known });
  }

  async function post(address, fields) {
    const body = new URLSearchParams(fields);
    body.append("sent_at", new Date().toISOString());
    return fetch(address, { method: "POST", body, credentials: "omit", cache: "no-store" });
  }

  /* The server's answer as a number, 0 where there was none. */
  async function offer(address, card) {
    const dated = card.ahead ? [["ahead", card.ahead]] : [];
    try {
      return (await post(address, [...card.fields, ["uid", card.uid], ["answered_at", card.answered_at], ...dated])).status;
    } catch {
      return 0;
    }
  }

  async function send(collector, address, again = false) {
    await watchClock();
    let inARow = 0;
    for (const card of await cardsOf(collector)) {
      if (card.refused && !again) continue;
      const status = await offer(address, card);
      if (status === 200 || status === 201 || status === 410) await remove("cards", card.uid);
      else if (status === 409 || status === 422) await put("cards", { ...card, refused: status });
      else {
        inARow += 1;
        const nobodyThere = status === 0 || status === 404; // says nothing about the card
        const { refused, ...free } = card;
        await put("cards", nobodyThere ? { ...card, lost: (card.lost || 0) + 1 } : { ...free, tries: (card.tries || 0) + 1, last: status });
        if (nobodyThere || inARow === 3) return;
        continue;
      }
      inARow = 0;
    }
  }

  /* After a contact: the server is well, so what has failed five times has failed by itself. */
  async function setAside(collector) {
    for (const card of await cardsOf(collector)) {
      if (!card.refused && (card.tries || 0) >= 5) await put("cards", { ...card, refused: card.last });
    }
  }

  /* Resolves to what the server says; throws where it cannot be reached. Hours of more than a month ago are
     not believed there, and not told. */
  async function contact(collector, address) {
    const hours = await all("hours");
    const { waiting, refused } = await count(collector);
    const told = hours.slice(-700).map((row) => [row.known ? "known_hour" : "hour", row.hour]);
    const answer = await post(address, [["waiting", waiting], ["refused", refused], ...told]);
    if (!answer.ok) throw new Error(`no contact: ${answer.status}`);
    const said = await answer.json();
    if (said.now) localStorage.setItem("kiosk-ahead", Date.now() - Date.parse(said.now));
    await setAside(collector);
    for (const row of hours.slice(0, -1)) await remove("hours", row.hour);
    return said;
  }

  return { keep, count, markHour, send, contact };
})();
