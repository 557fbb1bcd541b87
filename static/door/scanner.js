// Reads QR codes through the camera, by the browser's own detector or else by ours in a worker, and from pictures.

// Below /door/, because a service worker answers for workers in its own scope only: others would not start without a network.
const DECODER = "/door/decoder.js";
const LONGEST_SIDE = 1280; // of a frame, in pixels: a code across a fifteenth of it still has three a module
const LONGEST_SIDE_OF_PICTURE = 2560;
const PAUSE = 50; // ms between two frames, so that the phone stays cool
const GONE_AFTER = 20; // frames without a code, at least a second: then it has left the picture, and may come again
const PATIENCE = 3000; // ms: some browsers' own detectors never answer
const SECOND_LOOK = 5; // we look at every so many frames in which the browser's own detector sees nothing

/**
 * Show the camera in `video` and call `onCode(text)` for each code that comes into the picture, until `stop()`.
 *
 * `onProblem` is given the name of what is wrong: "InsecureContext", "NotAllowedError", "NotFoundError", "NotReadableError"
 * (such as a camera that another app uses) or "NoDecoder". Whenever the page is shown again, the camera is tried again.
 * `facing` is the side of the phone, "environment" or "user"; `switchCamera()` returns the new one, `toggleTorch()` whether
 * it is on.
 */
export async function startScanner({ video, onCode, onProblem, facing = "environment" }) {
  const camera = new Camera(video, facing, onProblem);
  const reader = new CodeReader();
  const watch = watchFrames(camera, reader, rememberCodes(onCode));
  const openOrClose = () => (document.hidden ? camera.close() : camera.open());
  const stop = () => {
    document.removeEventListener("visibilitychange", openOrClose);
    watch.abort();
    camera.close();
    reader.close();
  };
  document.addEventListener("visibilitychange", openOrClose);
  await openOrClose();
  return {
    stop,
    toggleTorch: () => camera.toggleTorch(),
    switchCamera: () => camera.turn(),
    get hasTorch() {
      return camera.hasTorch;
    },
  };
}

/** Return the text of the code in a picture file, or null if there is none or no picture in it. */
export async function readPicture(file) {
  const reader = new CodeReader();
  try {
    const picture = await createImageBitmap(file);
    return await reader.read(picture, { isStill: true });
  } catch {
    return null;
  } finally {
    reader.close();
  }
}

/** Give `onText` what is read in one frame after the other, null if nothing, until the controller that is returned aborts it. */
function watchFrames(camera, reader, onText) {
  const controller = new AbortController();
  (async () => {
    while (!controller.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (!camera.hasPicture) continue;
      const text = await reader.read(camera.video);
      if (camera.hasPicture) queueMicrotask(() => onText(text)); // its errors are not the reader's
    }
  })().catch(() => controller.signal.aborted || camera.onProblem("NoDecoder"));
  return controller;
}

/** Return a function that takes what is read in each frame, and gives `onCode` what comes into the picture. */
function rememberCodes(onCode) {
  const missed = new Map(); // in how many frames, since it was read
  return (text) => {
    for (const [code, frames] of missed) frames < GONE_AFTER ? missed.set(code, frames + 1) : missed.delete(code);
    if (text === null) return;
    const isNew = !missed.has(text);
    missed.set(text, 0);
    if (isNew) onCode(text);
  };
}

/** The stream of a camera. It is opened anew after each absence: on iPhones it is dead when another app was used. */
class Camera {
  constructor(video, facing, onProblem) {
    Object.assign(this, { video, facing, onProblem, stream: null, attempt: 0, isTorchOn: false });
    Object.assign(video, { muted: true, playsInline: true });
  }

  get hasPicture() {
    return this.stream !== null && this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  get track() {
    return this.stream?.getVideoTracks()[0];
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  async open() {
    this.close();
    const attempt = this.attempt;
    if (!navigator.mediaDevices) {
      this.onProblem("InsecureContext");
      return;
    }
    const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: this.facing, ...size } });
      if (attempt === this.attempt) await this.show(stream);
      else stopTracks(stream); // it was closed or opened again meanwhile
    } catch (error) {
      if (attempt === this.attempt) this.fail(error.name);
    }
  }

  async show(stream) {
    this.stream = this.video.srcObject = stream;
    this.track.addEventListener("ended", () => stream === this.stream && this.open());
    await this.video.play();
    if (this.isTorchOn) await this.setTorch(true);
  }

  fail(name) {
    this.close();
    this.onProblem(["NotAllowedError", "NotFoundError"].includes(name) ? name : "NotReadableError");
  }

  close() {
    this.attempt++;
    if (this.stream) stopTracks(this.stream);
    this.stream = this.video.srcObject = null;
  }

  async turn() {
    this.facing = this.facing === "environment" ? "user" : "environment";
    this.isTorchOn = false;
    await this.open();
    return this.facing;
  }

  async toggleTorch() {
    await this.setTorch(!this.isTorchOn);
    return this.isTorchOn;
  }

  async setTorch(torch) {
    const wish = this.hasTorch && this.track.applyConstraints({ advanced: [{ torch }] }).then(() => true, () => false);
    this.isTorchOn = (await wish) ? torch : false;
  }
}

function stopTracks(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** Reads a video or picture, by the browser's own detector where that works, and by ours. One at a time. */
class CodeReader {
  constructor() {
    this.detector = makeDetector();
    this.frames = 0;
    this.misses = 0;
    this.canvas = document.createElement("canvas");
  }

  /** Return the text of the code, or null. A video has a next frame, and so less is tried with each. */
  async read(source, { isStill = false } = {}) {
    const text = await this.detect(source);
    const isEnough = (await this.detector) && !isStill && ++this.misses % SECOND_LOOK;
    return text !== null || isEnough ? text : this.decode(source, isStill);
  }

  async detect(source) {
    const detector = await this.detector;
    if (!detector) return null;
    try {
      const codes = await Promise.race([detector.detect(source), rejectLater(PATIENCE)]);
      return codes.length ? findMiddle(codes, source).rawValue : null;
    } catch (error) {
      if (error.name !== "InvalidStateError") this.detector = null; // else only the video is not ready
      return null;
    }
  }

  /** Return what our decoder reads in the picture, scaled so that its longest side fits. */
  decode(source, isStill) {
    this.worker ??= new Worker(DECODER, { type: "module" });
    const image = this.draw(source, isStill ? LONGEST_SIDE_OF_PICTURE : LONGEST_SIDE);
    return new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }) => resolve(data);
      this.worker.onerror = reject;
      this.worker.postMessage({ image, round: isStill ? null : this.frames++ }, [image.data.buffer]);
    });
  }

  draw(source, longest) {
    const [width, height] = getSize(source);
    const scale = Math.min(1, longest / Math.max(width, height));
    const { canvas } = this;
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    this.context ??= canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(source, 0, 0, canvas.width, canvas.height);
    return this.context.getImageData(0, 0, canvas.width, canvas.height);
  }

  close() {
    this.worker?.terminate();
  }
}

/** Return the browser's own detector of QR codes, or null. */
async function makeDetector() {
  try {
    const formats = await BarcodeDetector.getSupportedFormats();
    return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null; // most browsers have none
  }
}

function rejectLater(milliseconds) {
  return new Promise((_resolve, reject) => setTimeout(reject, milliseconds, new Error("No answer")));
}

function getSize(source) {
  return [source.videoWidth ?? source.width, source.videoHeight ?? source.height];
}

/** Return the code nearest to the middle of the picture: on a sheet, the others are of other people. */
function findMiddle(codes, source) {
  const [width, height] = getSize(source);
  const getDistance = ({ boundingBox: box }) =>
    Math.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
  return codes.reduce((nearest, code) => (getDistance(code) < getDistance(nearest) ? code : nearest));
}
