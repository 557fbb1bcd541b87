// What happens at this door: kept here first, in the queue to be sent and among all check-ins.

import { isCertain, judge } from "./verdicts.js";

export class Records {
  constructor(database, state) {
    this.database = database;
    this.state = state; // what the page knows: the event, the entrance, how far the clock is off
  }

  make(values) {
    return {
      id: crypto.randomUUID(),
      kind: "in",
      undoes: null,
      key: "",
      door: this.state.doorId,
      at: new Date().toISOString(),
      reason: "",
      practice: this.state.event.is_practice,
      walk_in: null,
      ...values,
    };
  }

  // Says whether this person can go in, and records it if there is nothing to ask, in one transaction.
  decide(key, person, method, goesOut) {
    return this.database.write(["checkIns", "queue", "settings"], async (writer) => {
      const checkIns = await writer.findCheckIns(key);
      const found = judge({ person, checkIns, isPractice: this.state.event.is_practice, goesOut });
      if (!isCertain(found.verdict)) return { ...found, record: null };
      const record = this.make({ key, method, kind: goesOut ? "out" : "in" });
      this.put(writer, record, found.verdict);
      return { ...found, record };
    });
  }

  // Records what the helper decides. `shown` is the verdict that the helper has read.
  async add(values, shown) {
    const record = this.make(values);
    await this.database.write(["checkIns", "queue", "settings"], async (writer) => this.put(writer, record, shown));
    return record;
  }

  put(writer, record, shown) {
    const at = new Date(Date.parse(record.at) + this.state.clockOffset).toISOString();
    const { id, key, kind, undoes, practice } = record;
    writer.add("queue", record);
    writer.put("checkIns", { id, key, kind, undoes, at, practice, door: this.state.doorName, own: true, shown });
    writer.put("settings", kind === "undo" ? null : { id, key, practice }, "last");
  }

  async undoLast() {
    const last = await this.database.read("settings", "last");
    if (!last) return null;
    return this.add({ kind: "undo", undoes: last.id, key: last.key, practice: last.practice, method: "by_hand" }, "undo");
  }
}
