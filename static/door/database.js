// What a phone keeps of one event, in IndexedDB: the sealed list, who went in and out, what is still to be sent, and
// settings. A write is on the disk when its promise is kept.

import { State } from "./state.js";

const PREFIX = "door-";
const VERSION = 1;

function promise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function build(database) {
  database.createObjectStore("entries", { keyPath: "key" });
  database.createObjectStore("checkIns", { keyPath: "id" }).createIndex("key", "key");
  // In the order in which they were made.
  database.createObjectStore("queue", { autoIncrement: true }).createIndex("id", "id", { unique: true });
  database.createObjectStore("settings");
}

export class Database {
  static async open(event) {
    const request = indexedDB.open(PREFIX + event, VERSION);
    request.onupgradeneeded = () => build(request.result);
    return new Database(await promise(request));
  }

  static async list() {
    const names = (await indexedDB.databases()).map((one) => one.name);
    return names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  }

  static erase(event) {
    return promise(indexedDB.deleteDatabase(PREFIX + event));
  }

  // Erases all that this site keeps in IndexedDB for the door.
  static async eraseAll() {
    await Promise.all((await Database.list()).map(Database.erase));
  }

  // Erases what is left of events but this one, and is over: nobody opens their pages any more.
  static async eraseOver(event) {
    for (const other of (await Database.list()).filter((one) => one !== event)) {
      const database = await Database.open(other);
      const isOver = await database.isOver(await database.readState());
      database.close();
      if (isOver) await Database.erase(other);
    }
  }

  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close(); // another tab erases or renews it
  }

  async readState() {
    return new State(await this.read("settings", "state"));
  }

  // Whether nothing may stay. What is still to be sent does until the server takes or refuses it: clocks can be wrong.
  async isOver(state) {
    return state.hasExpired && (await this.count("queue")) === 0;
  }

  // The list and all that was at the doors; not what is still to be sent, which names nobody.
  async forgetList() {
    await this.write(["entries", "checkIns", "settings"], async (writer) => {
      writer.clear("entries");
      writer.clear("checkIns");
      writer.delete("settings", "names");
    });
  }

  read(store, key) {
    return promise(this.database.transaction(store).objectStore(store).get(key));
  }

  readFirst(store, count) {
    return promise(this.database.transaction(store).objectStore(store).getAll(null, count));
  }

  count(store) {
    return promise(this.database.transaction(store).objectStore(store).count());
  }

  findCheckIns(key) {
    return promise(this.database.transaction("checkIns").objectStore("checkIns").index("key").getAll(key));
  }

  // `work` is given functions of one transaction, which all happens or not at all.
  async write(stores, work) {
    const transaction = this.database.transaction(stores, "readwrite", { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const [result] = await Promise.all([work(new Writer(transaction)), done]);
    return result;
  }

  close() {
    this.database.close();
  }
}

class Writer {
  constructor(transaction) {
    this.transaction = transaction;
  }

  put(store, value, key) {
    this.transaction.objectStore(store).put(value, key);
  }

  add(store, value) {
    this.transaction.objectStore(store).add(value);
  }

  delete(store, key) {
    this.transaction.objectStore(store).delete(key);
  }

  clear(store) {
    this.transaction.objectStore(store).clear();
  }

  read(store, key) {
    return promise(this.transaction.objectStore(store).get(key));
  }

  readAll(store) {
    return promise(this.transaction.objectStore(store).getAll());
  }

  findCheckIns(key) {
    return promise(this.transaction.objectStore("checkIns").index("key").getAll(key));
  }

  async removeFromQueue(id) {
    const queue = this.transaction.objectStore("queue");
    const place = await promise(queue.index("id").getKey(id));
    if (place !== undefined) queue.delete(place);
  }
}
