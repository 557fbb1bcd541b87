// The worker that reads codes, so that the page stays quick. scanner.js sends it {image, round} for a frame of the camera, and
// {image, round: null} for a still picture; it answers with the text of the code, or null.

import { readFrame, readStill } from "./code_reader.js";

addEventListener("message", ({ data: { image, round } }) => {
  postMessage(round === null ? readStill(image) : readFrame(image, round));
});
