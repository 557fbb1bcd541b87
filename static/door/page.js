// The check-in page: reads a code, says at once whether the person can go in, and records it. Everything else follows.

import { CameraView } from "./camera.js";
import { computeKey, openEntry, readCode, sealWalkIn } from "./crypto.js";
import { Database } from "./database.js";
import { Records } from "./records.js";
import { build, find, formatTime, log, nameLanguage, say, show } from "./screen.js";
import { Names } from "./search.js";
import { Synchronisation } from "./synchronisation.js";
import { sound } from "./tones.js";
import { watchTyping } from "./typing.js";

const A_MOMENT = 15_000;
const GOOD = ["welcome", "goodbye", "admitted", "undone"];

class Page {
  constructor(database, state) {
    Object.assign(this, { database, state, names: new Names(database), people: new Map(), shown: null });
    this.records = new Records(database, state);
    this.synchronisation = new Synchronisation(database, state, find("door").dataset.sync);
    this.camera = new CameraView((text) => this.read(text));
  }

  async start() {
    if (await this.database.isOver(this.state)) return this.end();
    if (this.state.hasExpired) await this.database.forgetList();
    this.listen();
    await this.refresh();
    show(find("door"), true);
    this.camera.startIfAllowed();
    setInterval(() => this.refresh(), 30_000);
    await this.synchronisation.start();
  }

  listen() {
    const { synchronisation } = this;
    synchronisation.addEventListener("change", () => this.refresh());
    synchronisation.addEventListener("change", () => this.hasEnded || this.lookAgain());
    synchronisation.addEventListener("told", ({ detail }) => this.tell(detail));
    synchronisation.addEventListener("refused", ({ detail }) => log(say("refused", detail)));
    synchronisation.addEventListener("ended", () => this.end());
    watchTyping((text) => this.read(text));
    onSubmit("typed", (form) => {
      this.read(find("code").value, "by_hand");
      form.reset();
    });
    onSubmit("walk-in-form", (form) => this.letWalkIn(form));
    find("name").addEventListener("input", () => this.search());
    find("door-choice").addEventListener("change", ({ target }) => this.chooseDoor(target.value));
  }

  // One after another, so that what is on the screen belongs to what was read last.
  read(text, method = "scan") {
    this.reading = (this.reading ?? Promise.resolve()).then(() => this.check(text, method)).catch((error) => {
      find("verdict").replaceChildren(); // what it said is about somebody else
      reportError(error);
    });
    return this.reading;
  }

  async check(text, method) {
    if (!this.state.event) return this.show("no_list");
    const code = readCode(text);
    if (!code) return this.show("no_ticket", { typed: text });
    const key = await computeKey(code);
    const entry = await this.database.read("entries", key);
    await this.decide(key, entry ? await openEntry(code, entry) : null, method, code);
  }

  // The verdict on somebody, on the screen once it is on the disk.
  async decide(key, person, method, code = null) {
    const goesOut = document.querySelector("[name=direction]:checked").value === "out";
    const { verdict, since, record } = await this.records.decide(key, person, method, goesOut);
    if (record && person) this.people.set(record.id, person.name);
    const badge = goesOut ? null : record?.id;
    this.show(verdict, { key, person, method, since, goesOut, code, badge, canUndo: record !== null });
    this.synchronisation.soon();
  }

  // The list may have been older than the ticket on the screen: with a network, the new one is there in a moment. Whoever
  // showed it long ago is no longer there, and may have been sent away.
  async lookAgain() {
    const { shown } = this;
    const wasLongAgo = performance.now() - shown?.at > A_MOMENT;
    if (shown?.verdict !== "unknown" || wasLongAgo || !(await this.database.read("entries", shown.key))) return;
    if (this.shown === shown) this.read(shown.code, shown.method);
  }

  show(verdict, shown = {}) {
    const { person, since, typed = "" } = shown;
    const when = since && { time: formatTime(since.at), door: since.door };
    const values = {
      name: person?.name,
      organisation: person?.organisation,
      language: person?.language && nameLanguage(person.language),
      since: when && say(when.door ? "since_at" : "since", when),
      undo: shown.canUndo,
      badge: shown.badge,
    };
    const screen = build(`verdict-${verdict}`, values);
    const advice = screen.querySelector("[data-advice]");
    if (advice) advice.textContent = advice.textContent.replace("{time}", () => formatTime(this.state.listAt));
    this.shown = { verdict, at: performance.now(), ...shown };
    screen.querySelector("[data-undo]")?.addEventListener("click", () => this.undo());
    screen.querySelector("[data-admit]")?.addEventListener("submit", (event) => this.admit(event));
    for (const link of screen.querySelectorAll("[data-badge]")) link.href += `${shown.badge}/`;
    screen.querySelector("[name=q]")?.setAttribute("value", typed);
    const hadFocus = find("verdict").contains(document.activeElement);
    find("verdict").replaceChildren(screen);
    if (hadFocus) find("verdict").focus(); // its button is gone
    find("verdict").scrollIntoView({ block: "nearest" });
    sound(GOOD.includes(verdict));
  }

  // The helper lets somebody in whom the list does not welcome.
  async admit(event) {
    event.preventDefault();
    const { key, person, method, goesOut, verdict } = this.shown;
    const reason = event.target.reason?.value.trim() ?? "";
    const record = await this.records.add({ key, method, reason, kind: goesOut ? "out" : "in" }, verdict);
    if (person) this.people.set(record.id, person.name);
    this.show(goesOut ? "goodbye" : "admitted", { key, person, badge: goesOut ? null : record.id, canUndo: true });
    this.synchronisation.soon();
  }

  async undo() {
    const { person } = this.shown;
    await this.records.undoLast();
    this.show("undone", { person });
    this.synchronisation.soon();
  }

  async search() {
    const found = await this.names.search(find("name").value);
    const lines = found.map((person) => {
      const line = build("one-found", person);
      line.querySelector("button").addEventListener("click", () => this.choose(person));
      return line;
    });
    find("found").replaceChildren(...lines);
    show(find("found-none"), found.length === 0 && find("name").value.trim() !== "");
  }

  async choose(person) {
    find("name").value = "";
    find("name").focus();
    await this.search();
    await this.decide(person.key, person, "search");
  }

  async letWalkIn(form) {
    const person = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    const id = crypto.randomUUID();
    const language = document.documentElement.lang;
    const sealed = await sealWalkIn({ ...person, consent: true, language }, id, this.state.event.seal_key);
    const reason = find("full-reason").value.trim();
    await this.records.add({ id, method: "walk_in", walk_in: sealed, reason }, "welcome");
    const name = `${person.first_name} ${person.last_name}`;
    this.people.set(id, name);
    this.show("admitted", { person: { name, organisation: person.organisation }, badge: id, canUndo: true });
    form.reset();
    find("walk-in").open = false;
    this.synchronisation.soon();
  }

  async chooseDoor(value) {
    this.state.doorId = Number(value) || null;
    await this.database.write(["settings"], async (writer) => writer.put("settings", this.state.keep(), "state"));
  }

  // Something that a helper here should know, although the person has gone in.
  tell({ verdict, id, at, since, door }) {
    const name = this.people.get(id) ?? say("somebody", { time: formatTime(at) });
    const values = { name, at: formatTime(at), since: since ? formatTime(since) : "", door: door || "–" };
    log(say(verdict === "elsewhere" ? verdict : `told_${verdict}`, values));
  }

  async refresh() {
    const { state, synchronisation } = this;
    if (this.hasEnded) return;
    if (await this.database.isOver(state)) return this.end();
    state.people = await this.database.count("entries");
    const unsent = await this.database.count("queue");
    const values = { time: formatTime(state.listAt ?? 0), people: state.people, came: state.event?.came, unsent };
    find("state").textContent = state.listAt ? say("state", values) : say("no_list");
    const trouble = state.isOnline ? (state.isOld && state.listAt ? "old" : "") : synchronisation.problem;
    if (find("trouble").dataset.trouble !== trouble) find("trouble").textContent = trouble && say(trouble);
    find("trouble").dataset.trouble = trouble;
    show(find("trouble"), Boolean(trouble));
    if (state.event) this.showEvent(state.event);
  }

  showEvent(event) {
    show(find("walk-in"), true);
    this.askBeyond(event);
    show(find("practice"), event.is_practice);
    show(find("direction"), event.checks_out);
    show(find("search"), this.state.hasNames);
    show(find("at-door"), event.doors.length > 0);
    const select = find("door-choice");
    if (JSON.stringify(event.doors) === select.dataset.doors) return;
    select.dataset.doors = JSON.stringify(event.doors);
    const options = event.doors.map((door) => new Option(door.name, door.id));
    select.replaceChildren(select.options[0], ...options);
    select.value = this.state.doorId ?? "";
  }

  // Without a place left, a walk-in needs a tick where the event allows it, else a reason.
  askBeyond({ is_full: isFull, exceeds_capacity: isAllowed }) {
    show(find("full"), isFull);
    show(find("full-tick"), isAllowed);
    show(find("full-why"), !isAllowed);
    find("beyond").required = isFull && isAllowed;
    find("full-reason").required = isFull && !isAllowed;
  }

  // Nothing of the event stays on this phone.
  async end() {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.synchronisation.stop();
    this.camera.stop();
    this.database.close();
    find("verdict").replaceChildren();
    find("found").replaceChildren();
    await eraseEverything();
    stop("locked_out");
  }
}

async function eraseEverything() {
  await Database.eraseAll();
  for (const name of await caches.keys()) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
}

function onSubmit(id, work) {
  find(id).addEventListener("submit", (event) => {
    event.preventDefault();
    work(event.target);
  });
}

async function keepPage() {
  const worker = navigator.serviceWorker;
  let hasVersion = Boolean(worker.controller);
  worker.addEventListener("controllerchange", () => {
    if (hasVersion) show(find("newer"), true);
    hasVersion = true;
  });
  find("reload").addEventListener("click", () => location.reload());
  await worker.register(find("door").dataset.worker, { updateViaCache: "none" });
  await navigator.storage?.persist?.();
}

function stop(reason) {
  show(find("door"), false);
  find("stopped").textContent = say(reason);
  show(find("stopped"), true);
}

async function main() {
  if (!isSecureContext) return stop("insecure");
  let database;
  try {
    database = await Database.open(find("door").dataset.event);
  } catch {
    return stop("no_storage");
  }
  Database.eraseOver(find("door").dataset.event).catch(reportError);
  const page = new Page(database, await database.readState());
  if (!page.state.hasExpired) keepPage();
  await page.start();
}

main();
