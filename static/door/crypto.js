// A ticket's code opens its own entry of the list, and nothing else does. What is typed about somebody who is not
// registered is sealed so that only the server can read it.

const LETTERS = /^[0-9A-HJKMNP-TV-Z]{20}$/;
const LOOK_ALIKES = { I: "1", L: "1", O: "0" };
const encode = (text) => new TextEncoder().encode(text);
const decode = (bytes) => new TextDecoder().decode(bytes);

function toBase64(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

// The code in what was scanned or typed: a code in any case and spacing, or the ticket's address; "" if there is none.
// Scanners that type write an address's punctuation as another keyboard has it, so its last twenty letters count.
export function readCode(text) {
  const typed = text.slice(0, 200).replace(/[\s-]/g, "").toUpperCase().replace(/\/+$/, "");
  const letters = typed.slice(typed.lastIndexOf("/") + 1);
  const code = (letters.startsWith("HTTP") ? letters.slice(-20) : letters).replace(/[ILO]/g, (one) => LOOK_ALIKES[one]);
  return LETTERS.test(code) ? code : "";
}

// What phones and records use in place of the code.
export async function computeKey(code) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encode(code)));
  return [...digest.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function deriveKey(secret, purpose, usage) {
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encode(purpose) };
  return crypto.subtle.deriveKey(parameters, material, { name: "AES-GCM", length: 256 }, false, [usage]);
}

export async function openEntry(code, entry) {
  const key = await deriveKey(encode(code), "door roster 1", "decrypt");
  const parameters = { name: "AES-GCM", iv: fromBase64(entry.iv), additionalData: encode(entry.key) };
  return JSON.parse(decode(await crypto.subtle.decrypt(parameters, key, fromBase64(entry.data))));
}

export async function sealWalkIn(person, recordId, sealKey) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", fromBase64(sealKey), curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const key = await deriveKey(secret, "door walk-in 1", "encrypt");
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const parameters = { name: "AES-GCM", iv, additionalData: encode(recordId) };
  const data = await crypto.subtle.encrypt(parameters, key, encode(JSON.stringify(person)));
  const epk = await crypto.subtle.exportKey("raw", ours.publicKey);
  return { epk: toBase64(epk), iv: toBase64(iv), data: toBase64(data) };
}

// The names for searching lie on the phone encrypted by a key that never leaves this browser.

export function makeNamesKey() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function sealNames(key, names) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, encode(JSON.stringify(names))) };
}

export async function openNames(key, { iv, data }) {
  return JSON.parse(decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data)));
}
