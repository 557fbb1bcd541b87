// The camera's part of the page: starting and stopping it, its light, the other camera, and photos of codes.

import { find, say, show } from "./screen.js";

const PROBLEMS = ["InsecureContext", "NotAllowedError", "NotFoundError", "NotReadableError", "NoDecoder"];

export class CameraView {
  constructor(onText) {
    Object.assign(this, { onText, scanner: null });
    find("camera-start").addEventListener("click", () => this.start());
    find("camera-stop").addEventListener("click", () => this.stop());
    find("torch").addEventListener("click", () => this.toggleTorch());
    find("camera-switch").addEventListener("click", () => this.turn());
    document.addEventListener("visibilitychange", () => this.keepAwake());
    find("photo").addEventListener("change", ({ target }) => this.readPhoto(target));
  }

  // Without a tap, where it has been allowed for good.
  async startIfAllowed() {
    const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
    if (permission?.state === "granted") await this.start();
  }

  async start() {
    if (this.scanner) return;
    this.tell("");
    this.showRunning(true);
    const { startScanner } = await import("./scanner.js");
    const options = { video: find("video"), facing: "environment", onCode: this.onText };
    this.scanner = await startScanner({ ...options, onProblem: (name) => this.fail(name) });
    if (this.problem) return this.stop();
    show(find("torch"), this.scanner.hasTorch);
    this.keepAwake();
  }

  // Else the phone turns its screen off between two guests.
  async keepAwake() {
    if (document.hidden || !this.scanner) return;
    this.lock = await navigator.wakeLock?.request("screen").catch(() => null);
  }

  stop() {
    this.scanner?.stop();
    this.scanner = null;
    this.lock?.release();
    this.showRunning(false);
  }

  fail(name) {
    this.tell(`camera_${PROBLEMS.includes(name) ? name : "NotReadableError"}`);
    if (this.scanner) this.stop();
  }

  tell(problem) {
    this.problem = problem;
    find("camera-problem").textContent = problem && say(problem);
    show(find("camera-problem"), Boolean(problem));
  }

  showRunning(isRunning) {
    show(find("camera"), isRunning);
    show(find("camera-buttons"), isRunning);
    show(find("camera-start"), !isRunning);
  }

  async toggleTorch() {
    find("torch").setAttribute("aria-pressed", String(await this.scanner.toggleTorch()));
  }

  async turn() {
    await this.scanner.switchCamera();
    if (!this.scanner) return; // the other one did not start
    find("torch").setAttribute("aria-pressed", "false");
    show(find("torch"), this.scanner.hasTorch);
  }

  async readPhoto(input) {
    const { readPicture } = await import("./scanner.js");
    const text = input.files.length ? await readPicture(input.files[0]) : "";
    input.value = "";
    if (text) this.onText(text);
    else if (text === null) this.tell("photo_without_code");
  }
}
