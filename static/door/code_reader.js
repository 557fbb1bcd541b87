// Finds the QR code in a picture. A clear one is read at once; what is blurred, cracked or washed out often becomes legible
// when it is sharpened or seen from further away. Each frame of a camera is tried as it is and in one other way, in turn: so
// a frame takes little time, and a code that is held still has been tried in all ways after a few. bench/scan.py measures it.

import decodeQR from "../vendor/qr-0.7.0/decode.js";

// A picture here is {data, width, height} with a byte of brightness a pixel: "I420" of the decoder, without its colours.
const EFFORT = { format: "I420", effort: 8, timeLimit: 30 };

// What reads most comes first.
const OTHER_WAYS = [
  (picture) => sharpen(halve(picture), 3),
  (picture) => sharpen(picture, 9),
  (picture) => shrink(picture, 2 / 3),
  (picture) => sharpen(picture, 5),
];

/** Return the text of the code in this ImageData, or null. `round` counts frames: which of the other ways is tried if need be. */
export function readFrame(image, round) {
  const picture = toGrey(image);
  return decode(picture) ?? decode(OTHER_WAYS[round % OTHER_WAYS.length](picture));
}

/** Return the text of the code in this ImageData, or null, after trying everything: for a picture that will not move again. */
export function readStill(image) {
  const picture = toGrey(image);
  for (const seen of [picture, shrink(picture, 1 / 2), shrink(picture, 1 / 4)]) {
    const text = decode(seen) ?? OTHER_WAYS.reduce((found, way) => found ?? decode(way(seen)), null);
    if (text !== null) return text;
  }
  return null;
}

function decode(picture) {
  try {
    return decodeQR(picture, EFFORT);
  } catch {
    return null; // there is none, or none that can be read
  }
}

function toGrey({ data, width, height }) {
  const grey = new Uint8ClampedArray(width * height);
  for (let at = 0, from = 0; at < grey.length; at++, from += 4) {
    grey[at] = (data[from] * 77 + data[from + 1] * 150 + data[from + 2] * 29) >> 8;
  }
  return { data: grey, width, height };
}

/** Return the picture at half its width and height. */
function halve({ data, width, height }) {
  const half = { data: new Uint8ClampedArray((width >> 1) * (height >> 1)), width: width >> 1, height: height >> 1 };
  for (let y = 0, at = 0; y < half.height; y++) {
    for (let x = 0, from = 2 * y * width; x < half.width; x++, from += 2) {
      half.data[at++] = (data[from] + data[from + 1] + data[from + width] + data[from + width + 1] + 2) >> 2;
    }
  }
  return half;
}

/** Return the picture at this share of its width and height, each pixel being between four. */
function shrink({ data, width, height }, share) {
  const small = { width: Math.floor(width * share), height: Math.floor(height * share) };
  small.data = new Uint8ClampedArray(small.width * small.height);
  for (let y = 0, at = 0; y < small.height; y++) {
    const row = Math.floor(y / share) * width, down = (y / share) % 1;
    for (let x = 0; x < small.width; x++) {
      const from = row + Math.floor(x / share), right = (x / share) % 1;
      const above = data[from] * (1 - right) + data[from + 1] * right;
      const below = data[from + width] * (1 - right) + data[from + width + 1] * right;
      small.data[at++] = above * (1 - down) + below * down;
    }
  }
  return small;
}

/** Return the picture with three times the difference between each pixel and the square of this side around it. */
function sharpen({ data, width, height }, side) {
  const around = average(data, width, height, side);
  return { data: data.map((value, at) => 3 * value - 2 * around[at]), width, height };
}

function average(data, width, height, side) {
  const sums = new Float32Array(data.length), means = new Float32Array(data.length);
  for (let y = 0; y < height; y++) slide(data, sums, y * width, 1, width, side);
  for (let x = 0; x < width; x++) slide(sums, means, x, width, height, side);
  return means;
}

/** Put the mean of `side` neighbours in a row or column at each place; what is beyond its ends is like the end. */
function slide(from, to, start, step, count, side) {
  const reach = side >> 1, last = start + (count - 1) * step;
  let sum = from[start] * (reach + 1);
  for (let near = 1; near <= reach; near++) sum += from[Math.min(start + near * step, last)];
  for (let at = start, number = 0; number < count; number++, at += step) {
    to[at] = sum / side;
    sum += from[Math.min(at + (reach + 1) * step, last)] - from[Math.max(at - reach * step, start)];
  }
}
