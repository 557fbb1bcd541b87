// Whether somebody can go in, from what the phone knows. Nothing here reads or writes anything.

const IN_THE_WAY = ["waitlisted", "cancelled", "pending"];

// Who went in and out, except what was undone, in the order of time.
export function findValid(checkIns, isPractice) {
  const counted = checkIns.filter((one) => one.practice === isPractice);
  const undone = new Set(counted.filter((one) => one.kind === "undo").map((one) => one.undoes));
  return counted
    .filter((one) => one.kind !== "undo" && !undone.has(one.id))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

// The check-in by which this person is inside now; null if there is none.
export function findPresence(checkIns, isPractice) {
  const valid = findValid(checkIns, isPractice);
  if (valid.at(-1)?.kind !== "in") return null;
  return valid[valid.findLastIndex((one) => one.kind === "out") + 1];
}

// `person` is what the list says of them, or null if the ticket is not on it.
export function judge({ person, checkIns, isPractice, goesOut }) {
  const presence = findPresence(checkIns, isPractice);
  if (goesOut && presence) return { verdict: "goodbye", since: presence };
  if (goesOut && person) return { verdict: "not_in", since: null };
  if (presence) return { verdict: "again", since: presence };
  if (!person) return { verdict: "unknown", since: null };
  if (IN_THE_WAY.includes(person.status)) return { verdict: person.status, since: null };
  return { verdict: "welcome", since: null };
}

// Whether it is recorded without asking.
export function isCertain(verdict) {
  return verdict === "welcome" || verdict === "goodbye";
}
