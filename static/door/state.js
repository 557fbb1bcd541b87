// What the page knows without asking the database each time, and keeps for its next opening.

const KEPT = ["cursor", "event", "hasNames", "device", "listAt", "doorId", "clockOffset"];
const OLD = 15 * 60_000;

export class State {
  constructor(kept) {
    Object.assign(this, { cursor: "", event: null, hasNames: false, device: null, listAt: null });
    Object.assign(this, { doorId: null, clockOffset: 0, people: 0, isOnline: true }, kept);
  }

  keep() {
    return Object.fromEntries(KEPT.map((name) => [name, this[name]]));
  }

  get now() {
    return Date.now() + this.clockOffset;
  }

  get doorName() {
    return this.event?.doors.find((door) => door.id === this.doorId)?.name ?? "";
  }

  get isOld() {
    return !this.listAt || this.now - Date.parse(this.listAt) > OLD;
  }

  get hasExpired() {
    return this.event !== null && this.now > Date.parse(this.event.expires_at);
  }
}
