// Two sounds without a file. Browsers allow them once the page has been touched.

let context = null;

addEventListener("pointerdown", wake);
addEventListener("keydown", wake);

function wake() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

function play(frequency, start, length) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.2, context.currentTime + start);
  volume.gain.linearRampToValueAtTime(0, context.currentTime + start + length);
  tone.connect(volume).connect(context.destination);
  tone.start(context.currentTime + start);
  tone.stop(context.currentTime + start + length);
}

// One high tone: go in. Two low ones: look at the screen.
export function sound(isGood) {
  if (!context) return;
  if (isGood) return play(1047, 0, 0.15);
  play(262, 0, 0.2);
  play(262, 0.3, 0.2);
}
