// Passkeys: asks the browser for what a form sends as its `credential`. Where there are none, its button stays hidden.

const isSupported = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

/** What the browser is asked: it is in the page, or comes from the address that the form goes to. */
async function readOptions(form) {
  if (form.dataset.options) {
    return JSON.parse(document.getElementById(form.dataset.options).textContent);
  }
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(response.statusText);
  }
  return response.json();
}

async function createCredential(form) {
  const { publicKey } = (await readOptions(form)).creation_options;
  if (form.elements.passwordless.checked) {
    Object.assign(publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
  }
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

async function getCredential(form) {
  const { publicKey } = (await readOptions(form)).request_options;
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

async function send(form) {
  const failed = document.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const credential = await (form.dataset.passkey === "create" ? createCredential(form) : getCredential(form));
    form.elements.credential.value = JSON.stringify(credential);
  } catch {
    failed.hidden = false;
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector("button").hidden = !isSupported;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
for (const note of document.querySelectorAll("[data-passkey-unsupported]")) {
  note.hidden = isSupported;
}
