// The map richer: drag, wheel and keys move it, and a link on it shows the next level in place.
// Nothing here is needed: every level is a page of its own, and every sign a link.
"use strict";
(() => {
  const CLOSEST = 12, STEP = 1.3;
  let view = null, held = null, dragged = false, awake = false, leave = null;

  const drawing = () => document.querySelector("svg[data-map]");
  const whole = svg => (svg.whole ??= { ...box(svg.viewBox.baseVal) });
  const box = ({ x, y, width, height }) => ({ x, y, width, height });
  const near = (value, least, most) => Math.min(Math.max(value, least), most);

  function show(svg, wanted) {
    const all = whole(svg), width = near(wanted.width, all.width / CLOSEST, all.width);
    const height = width * all.height / all.width;
    view = { width, height, x: near(wanted.x, 0, all.width - width), y: near(wanted.y, 0, all.height - height) };
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${width} ${height}`);
    // Signs and letters keep their size on the screen.
    for (const sign of svg.querySelectorAll("[data-marks] a > g")) {
      const place = (sign.place ??= sign.getAttribute("transform"));
      sign.setAttribute("transform", `${place} scale(${width / all.width})`);
    }
  }

  function zoom(svg, times, at = { x: 0.5, y: 0.5 }) {
    const now = view ?? whole(svg), width = now.width / times, height = now.height / times;
    show(svg, { width, x: now.x + (now.width - width) * at.x, y: now.y + (now.height - height) * at.y });
  }

  function move(svg, across, down) {
    const now = view ?? whole(svg);
    show(svg, { width: now.width, x: now.x + now.width * across, y: now.y + now.height * down });
  }

  const share = (svg, event) => {
    const seen = svg.getBoundingClientRect();
    return { x: (event.clientX - seen.left) / seen.width, y: (event.clientY - seen.top) / seen.height };
  };

  async function go(address, keep) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) return location.assign(address);
    leave?.();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.title = page.title;
    if (keep) history.pushState(null, "", address);
    start();
    const heading = document.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  // The map that can be zoomed is another file, fetched with its library when it is asked for.
  function offer(svg) {
    const template = document.querySelector("template[data-zoom]");
    const row = template.content.firstElementChild.cloneNode(true);
    const button = row.querySelector("button"), said = row.querySelector("small");
    template.before(row);
    button.addEventListener("click", async () => {
      if (said.textContent === said.dataset.wait) return;
      said.textContent = said.dataset.wait;
      try {
        const { open } = await import(template.dataset.script);
        leave = await open(template, svg, button);
        said.textContent = "";
      } catch {
        said.textContent = said.dataset.failed;
      }
    });
  }

  function start() {
    view = held = leave = null;
    const svg = drawing();
    if (!svg) return;
    offer(svg);
    svg.tabIndex = 0;
    svg.addEventListener("wheel", event => {
      if (!awake && !event.ctrlKey) return; // the page scrolls until the map was pressed
      event.preventDefault();
      zoom(svg, event.deltaY < 0 ? STEP : 1 / STEP, share(svg, event));
    }, { passive: false });
    svg.addEventListener("pointerdown", event => {
      awake = true;
      dragged = false;
      if (event.pointerType !== "touch") held = share(svg, event);
    });
    svg.addEventListener("pointermove", event => {
      if (!held) return;
      const now = share(svg, event);
      if (!dragged && Math.hypot(now.x - held.x, now.y - held.y) < 0.01) return;
      dragged = true;
      move(svg, held.x - now.x, held.y - now.y);
      held = now;
    });
    svg.addEventListener("pointerleave", () => { awake = false; held = null; });
    svg.addEventListener("dragstart", event => event.preventDefault());
    svg.addEventListener("click", event => {
      const link = event.target.closest("a");
      if (dragged) return event.preventDefault();
      const address = link && new URL(link.href.baseVal, location.href);
      if (!address || address.pathname !== location.pathname || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      go(address, true);
    });
    svg.addEventListener("keydown", event => {
      const keys = { "+": () => zoom(svg, STEP), "=": () => zoom(svg, STEP), "-": () => zoom(svg, 1 / STEP),
        "0": () => show(svg, whole(svg)), ArrowLeft: () => move(svg, -0.1, 0), ArrowRight: () => move(svg, 0.1, 0),
        ArrowUp: () => move(svg, 0, -0.1), ArrowDown: () => move(svg, 0, 0.1) };
      if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      keys[event.key]();
    });
    const tell = event => {
      const name = event.target.closest("a")?.querySelector("title");
      document.querySelector("[data-told]").textContent = name?.textContent ?? "";
    };
    svg.addEventListener("pointerover", tell);
    svg.addEventListener("focusin", tell);
  }

  addEventListener("pointerup", () => { held = null; });
  addEventListener("popstate", () => go(location.href, false));
  start();
})();
