// Finds people by name, on phones that may have names.

import { openNames } from "./crypto.js";

const MOST = 20;

// Letters without their marks: "berz" finds Bērziņa.
export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export class Names {
  constructor(database) {
    this.database = database;
  }

  async load() {
    const kept = await this.database.read("settings", "names");
    if (kept?.version === this.version) return;
    const names = kept ? await openNames(kept.key, kept.sealed) : [];
    this.people = names.map((person) => ({ person, text: fold(`${person.name} ${person.organisation}`) }));
    this.version = kept?.version;
  }

  // People whose name or organisation has words that begin with all of these.
  async search(typed) {
    await this.load();
    const words = fold(typed).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const isFound = ({ text }) => words.every((word) => ` ${text}`.includes(` ${word}`));
    return this.people.filter(isFound).slice(0, MOST).map(({ person }) => person);
  }

  async get(key) {
    await this.load();
    return this.people.find(({ person }) => person.key === key)?.person ?? null;
  }
}
