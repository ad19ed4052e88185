// Ticks made before htmx had come, or put back by the browser, are kept as soon as it is here.
"use strict";
document.addEventListener("htmx:after:init", ({ target: form }) => {
  if ([...form.elements].some((field) => field.checked !== field.defaultChecked))
    form.dispatchEvent(new Event("change"));
});
