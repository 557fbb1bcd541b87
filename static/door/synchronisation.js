// Brings what happened at this door to the server, and the list and what happened at the others back. A record leaves
// the queue only when the server has named it.

import { makeNamesKey, openNames, sealNames } from "./crypto.js";
import { findValid } from "./verdicts.js";

const SCHEMA = 1;
const EVERY = 5_000;
const LONGEST_PAUSE = 10_000;
const PATIENCE = 20_000;
const BATCH = 200;
const NOT_ALLOWED = [401, 403, 404];
const STORES = ["entries", "checkIns", "queue", "settings"];

function describe({ id, key, at }) {
  return { id, key, at };
}

// Dispatches `change`, `told` (detail: what somebody at the door should know), `refused` and `ended` (detail: why).
export class Synchronisation extends EventTarget {
  constructor(database, state, address) {
    super();
    Object.assign(this, { database, state, address, batch: BATCH, failures: 0, notBefore: 0, timer: null });
  }

  start() {
    addEventListener("online", () => this.soon());
    document.addEventListener("visibilitychange", () => document.hidden || this.soon());
    return this.soon();
  }

  stop() {
    this.hasEnded = true;
    clearTimeout(this.timer);
  }

  // Synchronises now, or once more as soon as it has ended if it is under way.
  async soon() {
    if (this.isUnderWay) {
      this.isWanted = true;
      return;
    }
    if (this.hasEnded || Date.now() < this.notBefore) return;
    clearTimeout(this.timer);
    this.isUnderWay = true;
    do {
      this.isWanted = false;
      await this.synchronise();
    } while (this.isWanted && !this.failures && !this.hasEnded);
    this.isUnderWay = false;
    if (!this.hasEnded) this.timer = setTimeout(() => this.soon(), this.choosePause());
  }

  choosePause() {
    const pause = Math.min(EVERY * 2 ** this.failures, LONGEST_PAUSE);
    return Math.max(pause, this.notBefore - Date.now() + 1);
  }

  async synchronise() {
    try {
      // One tab at a time sends what is queued.
      await navigator.locks.request(`door ${this.address}`, () => this.exchange());
    } catch {
      this.fail(); // no network, or what came was no answer
    }
    this.dispatchEvent(new Event("change"));
  }

  async exchange() {
    const sentAt = Date.now();
    const response = await this.send();
    if (!response.ok) return this.handleRefusal(response);
    const answer = await response.json();
    if (answer.schema !== SCHEMA) throw new Error("another schema");
    this.state.clockOffset = Math.round(Date.parse(answer.now) - (sentAt + Date.now()) / 2);
    await this.take(answer);
    Object.assign(this, { failures: 0, problem: "" });
    this.state.isOnline = true;
  }

  async send() {
    const records = await this.database.readFirst("queue", this.batch);
    const body = {
      schema: SCHEMA,
      now: new Date().toISOString(),
      cursor: this.state.cursor,
      unsent: await this.database.count("queue"),
      records,
    };
    return fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  async handleRefusal(response) {
    if (response.status === 410) return this.handleEnd(await response.json());
    if (response.status === 413 && this.batch > 1) this.batch = Math.ceil(this.batch / 2);
    if (NOT_ALLOWED.includes(response.status)) await this.forgetNames();
    const seconds = Number(response.headers.get("Retry-After")) || 0;
    this.notBefore = Date.now() + seconds * 1000;
    this.fail(NOT_ALLOWED.includes(response.status) ? "not_paired" : "server");
  }

  // Locked out, or its time is over: then what is still to be sent is taken first.
  async handleEnd({ stored = [], refused = {} }) {
    const named = [...stored, ...Object.keys(refused)];
    await this.database.write(["queue"], async (writer) => {
      for (const id of named) await writer.removeFromQueue(id);
    });
    this.isWanted = named.length > 0 && (await this.database.count("queue")) > 0;
    if (this.isWanted) return;
    this.stop();
    this.dispatchEvent(new CustomEvent("ended", { detail: "locked_out" }));
  }

  // Whoever may not ask for them, such as after logging out, does not keep them. What is still to be sent stays.
  async forgetNames() {
    Object.assign(this.state, { hasNames: false, cursor: "" });
    await this.database.write(["settings"], async (writer) => {
      writer.delete("settings", "names");
      writer.put("settings", this.state.keep(), "state");
    });
  }

  fail(problem = "offline") {
    this.failures += 1;
    this.problem = problem;
    this.state.isOnline = false;
  }

  async take(answer) {
    const lacks = await this.findLacks(answer);
    const sealedNames = await this.renewNames(answer);
    const news = await this.database.write(STORES, async (writer) => {
      const news = await this.takeCheckIns(writer, answer);
      for (const id of [...answer.stored, ...Object.keys(answer.refused)]) await writer.removeFromQueue(id);
      for (const id of Object.keys(answer.refused)) writer.delete("checkIns", id);
      if (answer.list.full) writer.clear("entries");
      for (const entry of answer.list.entries) writer.put("entries", entry);
      writer.put("settings", sealedNames, "names");
      this.remember(writer, answer);
      return news;
    });
    this.state.people = await this.database.count("entries");
    const isIncomplete = !answer.list.full && (lacks || this.state.people !== answer.list.total);
    if (isIncomplete) this.state.cursor = ""; // the next answer has everything
    const isLeft = answer.stored.length > 0 && (await this.database.count("queue")) > 0;
    this.isWanted ||= isIncomplete || isLeft;
    this.tell(news, answer);
  }

  // Whether changes alone do not tell what this phone has to know: names were switched on, or practice on or off.
  async findLacks({ names, event }) {
    const lacksNames = names !== null && !(await this.database.read("settings", "names"));
    return lacksNames || (this.state.event !== null && this.state.event.is_practice !== event.is_practice);
  }

  remember(writer, { cursor, event, device, names, now }) {
    Object.assign(this.state, { cursor, event, device, hasNames: names !== null, listAt: now });
    this.state.doorId ??= device?.door ?? null;
    writer.put("settings", this.state.keep(), "state");
  }

  async takeCheckIns(writer, { check_ins: arrived, list, verdicts }) {
    const news = await this.compareVerdicts(writer, verdicts);
    const told = new Set(news.map((one) => one.key));
    const known = list.full ? await this.keepOwn(writer) : null;
    for (const one of arrived) {
      const before = known ? known.find(({ id }) => id === one.id) : await writer.read("checkIns", one.id);
      if (!before && one.kind === "in" && one.key && !told.has(one.key)) {
        const siblings = known ? known.filter(({ key }) => key === one.key) : await writer.findCheckIns(one.key);
        const ours = findValid(siblings, one.practice).find(({ own, kind }) => own && kind === "in");
        if (ours && !ours.told) news.push({ ...describe(ours), verdict: "elsewhere", since: one.at, door: one.door });
      }
      writer.put("checkIns", { ...before, ...one });
    }
    await this.rememberTold(writer, news);
    return news;
  }

  // So that the helper hears of each only once, be it from the verdict or from the other phone's check-in.
  async rememberTold(writer, news) {
    for (const { id } of news) {
      const ours = await writer.read("checkIns", id);
      if (ours) writer.put("checkIns", { ...ours, told: true });
    }
  }

  // What the server found to be otherwise than this phone had said.
  async compareVerdicts(writer, verdicts) {
    const news = [];
    for (const [id, { verdict, since, door }] of Object.entries(verdicts)) {
      const ours = await writer.read("checkIns", id);
      if (ours?.kind === "in" && !ours.told && verdict !== ours.shown) {
        news.push({ ...describe(ours), verdict, since, door });
      }
    }
    return news;
  }

  // Forgets all check-ins but this phone's, of which those that the server no longer names were thrown away.
  async keepOwn(writer) {
    const queued = new Set((await writer.readAll("queue")).map((one) => one.id));
    const own = (await writer.readAll("checkIns")).filter((one) => one.own);
    writer.clear("checkIns");
    for (const one of own) if (queued.has(one.id)) writer.put("checkIns", one);
    return own;
  }

  // The names for searching, if the organisers allow it: encrypted again with what has changed.
  async renewNames({ names }) {
    if (names === null) return undefined;
    const before = await this.database.read("settings", "names");
    if (before && !names.full && !names.entries.length) return before;
    const key = before?.key ?? (await makeNamesKey());
    const known = before && !names.full ? await openNames(key, before.sealed) : [];
    const all = new Map([...known, ...names.entries].map((one) => [one.key, one]));
    return { key, sealed: await sealNames(key, [...all.values()]), version: crypto.randomUUID() };
  }

  tell(news, { refused }) {
    for (const detail of news) this.dispatchEvent(new CustomEvent("told", { detail }));
    for (const [id, sentence] of Object.entries(refused)) {
      this.dispatchEvent(new CustomEvent("refused", { detail: { id, sentence } }));
    }
  }
}
