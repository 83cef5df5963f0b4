// Says in words why a passkey did not work.
const words = {
  NotAllowedError: "That was cancelled, or took too long. You can try again.",
  InvalidStateError: "This device is added already.",
  SecurityError: "Passkeys need a secure address (https).",
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const { name } = event.detail.exception;
  const place = document.getElementById("passkey-failure");
  place.textContent = words[name] ?? "Your device could not use a passkey here.";
});
