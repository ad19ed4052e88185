// Copy and share in one tap each, where the device can; the links beside them do without.
"use strict";
for (const part of document.querySelectorAll("[data-share]")) {
  const { url, text } = part.dataset;
  const copy = part.querySelector("[data-copy]"), send = part.querySelector("[data-send]");
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(url);
      copy.textContent = copy.dataset.done;
    });
  }
  if (navigator.share) {
    send.hidden = false;
    // Whoever closes the device's own list of programs has changed their mind: no fault.
    send.addEventListener("click", () => navigator.share({ text }).catch(() => {}));
  }
}
