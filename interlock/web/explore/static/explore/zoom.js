// The map that can be zoomed: Leaflet draws the same areas and signs as the plain map, in the same frame.
// Fetched when somebody asks for it. One unit of the frame is one pixel at zoom 0; up is negative there.
const CLOSEST = 9, CELL = 50, MOST_NAMED = 24, MOST_TOLD = 50, NEARER = 1.5;

const load = (name, about) => new Promise((done, failed) => {
  const one = Object.assign(document.createElement(name), about);
  one.onload = done;
  one.onerror = () => { one.remove(); failed(new Error(`${about.src ?? about.href} was not loaded`)); };
  document.head.append(one);
});
const fetched = async address => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
};
const once = (address, make) => (kept[address] ??= make().catch(error => { delete kept[address]; throw error; }));
const kept = {};
const number = value => value.toLocaleString(document.documentElement.lang);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => number(values[name]));
const place = (x, y) => L.latLng(-y, x);
const folded = new Intl.Collator(document.documentElement.lang);

/** What Leaflet draws of us: circles that know our four signs. Made when Leaflet is there. */
const sign = inks => L.CircleMarker.extend({
  _updateBounds() { // the number stands below
    const around = L.point(this._radius * 2 + 6, this._radius + 22);
    this._pxBounds = L.bounds(this._point.subtract(around), this._point.add(around));
  },
  _updatePath() {
    if (!this._renderer._drawing || this._empty()) return;
    const pen = this._renderer._ctx, { x, y } = this._point, r = this._radius;
    const ring = (at, line, dot) => {
      pen.beginPath();
      pen.arc(at, y, r, 0, 7);
      pen.fillStyle = inks.fk;
      pen.fill();
      pen.strokeStyle = line;
      pen.stroke();
      if (!dot) return;
      pen.beginPath();
      pen.arc(at, y, r * 0.38, 0, 7);
      pen.fillStyle = line;
      pen.fill();
    };
    pen.globalAlpha = 1;
    pen.lineWidth = 3;
    if (this.options.sign === "public") ring(x, inks.lg, true);
    else if (this.options.sign === "co-op") ring(x, inks.lc);
    else if (this.options.sign === "both") { ring(x - r * 0.6, inks.lg, true); ring(x + r * 0.6, inks.lc); }
    else {
      pen.beginPath();
      for (const [across, down] of [[0, -r], [r, 0], [0, r], [-r, 0]]) pen.lineTo(x + across, y + down);
      pen.closePath();
      pen.fillStyle = inks.fk;
      pen.fill();
      pen.lineWidth = 2;
      pen.strokeStyle = inks.lx;
      pen.stroke();
    }
    if (this.options.number < 2) return;
    pen.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
    pen.textAlign = "center";
    pen.lineWidth = 3;
    pen.strokeStyle = inks.fk;
    pen.strokeText(number(this.options.number), x, y + r + 15);
    pen.fillStyle = inks.fi;
    pen.fillText(number(this.options.number), x, y + r + 15);
  },
});

/** The rings of a path "m0 0l10 0 0 10z…", whose steps are relative. */
function rings(path, units) {
  let x = 0, y = 0;
  return path.split("z").filter(Boolean).map(part => {
    const [first, rest] = part.slice(1).split("l");
    const steps = text => text.match(/-?\d+/g).map(Number);
    const [across, down] = steps(first);
    const begun = [x += across, y += down], ring = [begun], step = steps(rest);
    let [u, v] = begun;
    for (let i = 0; i < step.length; i += 2) ring.push([u += step[i], v += step[i + 1]]);
    return ring.map(([right, below]) => place(right / units, below / units));
  });
}

/** Show the layer in place of the drawing; gives what takes it away again. */
export async function open(template, drawing, button) {
  const told = template.dataset, calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const outlines = query => once(told.outlines + query, () => fetched(told.outlines + query));
  const [base, points] = await Promise.all([
    outlines(told.here),
    fetched(told.points),
    once("style", () => load("link", { rel: "stylesheet", href: told.look })),
    once("leaflet", () => load("script", { src: told.leaflet })),
  ]);
  const part = template.content.cloneNode(true);
  const layer = part.querySelector(".zoomed"), popup = part.querySelector("[data-popup]");
  const ground = layer.querySelector("[data-ground]"), list = layer.querySelector("ul");
  const here = points.features.filter(one => one.properties.at).map(one => ({
    ...one.properties, at: place(...one.properties.at), url: new URL(one.id).pathname,
  }));
  const inks = {};
  template.after(layer);
  drawing.toggleAttribute("hidden", true);
  button.parentElement.hidden = true;

  const [left, top, width, height] = told.window.split(" ").map(Number);
  const all = L.latLngBounds(place(left, top + height), place(left + width, top));
  const map = L.map(ground, {
    crs: L.CRS.Simple, attributionControl: false, zoomControl: false, maxBounds: all, maxBoundsViscosity: 1,
    zoomSnap: 0.25, minZoom: -9, maxZoom: CLOSEST, scrollWheelZoom: true, closePopupOnClick: true,
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
  });
  if (calm) map.panBy = offset => L.Map.prototype.panBy.call(map, offset, { animate: false });
  map.createPane("signs").style.zIndex = 450;
  const below = L.canvas({ padding: 0.3 }), above = L.canvas({ padding: 0.3, pane: "signs" });
  L.control.zoom({ zoomInTitle: ground.dataset.closer, zoomOutTitle: ground.dataset.further }).addTo(map);
  let widest = 0;
  function fit() { // a telephone is turned
    map.options.minZoom = -9;
    widest = map.getBoundsZoom(all);
    map.setMinZoom(widest);
  }
  map.fitBounds(all, { animate: false });
  fit();
  map.on("resize", fit);

  // The areas: those of the page, and closer the ones of the state in the middle.
  let areas = [], shown = base, drawn = L.layerGroup().addTo(map);
  const pen = document.createElement("canvas").getContext("2d");
  function paint() {
    drawn.clearLayers();
    areas = [];
    for (const { units, faint, areas: some } of shown.layers) for (const one of some) {
      const about = { renderer: below, interactive: false, weight: 1, fillOpacity: 1, opacity: faint ? 0.55 : 1 };
      L.polygon(rings(one.path, units), {
        ...about, color: inks.lx, fillColor: one.filled ? inks.fk : inks.fl,
      }).addTo(drawn);
      areas.push({ ...one, units, shape: new Path2D(one.path) });
    }
  }
  const under = at => areas.findLast(({ shape, units }) => pen.isPointInPath(shape, at.lng * units, -at.lat * units));
  const tell = at => { document.querySelector("[data-told]").textContent = under(at)?.name ?? ""; };
  let looks = 0;
  async function look() {
    const turn = ++looks;
    let wanted = base;
    if (map.getZoom() >= widest + NEARER) {
      const state = home(map.getCenter());
      if (state?.url.includes("state=")) wanted = await outlines(state.url).catch(() => base);
    }
    if (turn !== looks || wanted === shown || !layer.isConnected) return; // or a slow answer comes last
    shown = wanted;
    paint();
    tell(map.getCenter());
  }
  const first = base.layers.flatMap(({ units, areas: some }) =>
    some.map(one => ({ ...one, units, shape: new Path2D(one.path) })));
  const home = at => first.find(({ shape, units }) => pen.isPointInPath(shape, at.lng * units, -at.lat * units));

  // The signs: those who lie near each other are one, as on the plain map.
  const signs = L.layerGroup().addTo(map);
  let Sign;
  function group() {
    // Each joins the first sign that is nearer than CELL; nobody's sign lies on another's.
    const cells = new Map(), groups = [], scale = map.getZoomScale(map.getZoom(), 0);
    for (const one of here) {
      const x = one.at.lng * scale, y = one.at.lat * scale, column = Math.floor(x / CELL), row = Math.floor(y / CELL);
      const near = [-1, 0, 1].flatMap(across => [-1, 0, 1].flatMap(down => cells.get(`${column + across} ${row + down}`) ?? []));
      const found = near.find(other => Math.hypot(other.x - x, other.y - y) < CELL);
      if (found) { found.some.push(one); continue; }
      const made = { x, y, at: one.at, some: [one] }, key = `${column} ${row}`;
      groups.push(made);
      cells.has(key) ? cells.get(key).push(made) : cells.set(key, [made]);
    }
    signs.clearLayers();
    const most = groups.reduce((all, { some }) => Math.max(all, some.length), 1);
    for (const { at, some } of groups) {
      const has = kind => some.some(one => one.sign === kind);
      const kind = has("public") ? (has("co-op") ? "both" : "public") : has("co-op") ? "co-op" : "other";
      const radius = most === 1 ? 7 : 6 + 8 * Math.sqrt(some.length / most);
      new Sign(at, { renderer: above, radius, sign: kind, number: some.length, bubblingMouseEvents: false })
        .on("click", () => press(some, at))
        .addTo(signs);
    }
  }
  function press(some, at) {
    const around = L.latLngBounds(some.map(one => one.at));
    const apart = !around.getNorthEast().equals(around.getSouthWest(), 0.002);
    if (some.length > 1 && apart && map.getZoom() < CLOSEST) map.fitBounds(around.pad(0.1), { animate: !calm });
    else show(some, at);
  }

  // Who a sign is: name, kind, and the way to their page.
  let from = "";
  function show(some, at, named = "") {
    from = named;
    if (named) map.setView(at, Math.max(map.getZoom(), Math.min(widest + 3, CLOSEST)), { animate: false });
    const box = popup.cloneNode(true), close = box.querySelector("button");
    for (const one of some.slice(0, MOST_TOLD)) {
      const line = document.createElement("p"), link = document.createElement("a"), kind = document.createElement("small");
      Object.assign(link, { href: one.url, textContent: one.name, lang: "" });
      const { madeUp, rough } = popup.dataset;
      kind.textContent = [one.kind, one.synthetic && madeUp, one.rough && rough].filter(Boolean).join(" · ");
      line.append(link, document.createElement("br"), kind);
      close.before(line);
    }
    if (some.length > MOST_TOLD) {
      const rest = document.createElement("p");
      rest.textContent = filled(popup.dataset.more, { more: some.length - MOST_TOLD });
      close.before(rest);
    }
    close.addEventListener("click", shut);
    L.popup({ closeButton: false, closeOnEscapeKey: false, maxHeight: 220, maxWidth: 260, minWidth: 160, autoPanPadding: [12, 12] })
      .setLatLng(at).setContent(box).openOn(map);
    box.querySelector("a").focus({ preventScroll: true });
  }
  function shut() {
    map.closePopup();
    const asked = Array.from(list.querySelectorAll("button")).find(one => one.dataset.url === from);
    (asked ?? ground).focus({ preventScroll: true });
  }

  // The same by keyboard and by ear: how many are in view, and the first of them by name.
  const said = layer.querySelector("[data-said]"), more = layer.querySelector("p[data-more]");
  function count() {
    const seen = map.getBounds(), some = here.filter(one => seen.contains(one.at));
    said.textContent = filled(said.dataset.said, { shown: some.length, all: Number(told.all) });
    some.sort((one, other) => folded.compare(one.name, other.name));
    if (list.contains(document.activeElement)) return; // or the focus would go with the name
    list.replaceChildren(...some.slice(0, MOST_NAMED).map(one => {
      const row = document.createElement("li"), name = document.createElement("button");
      Object.assign(name, { type: "button", className: "quiet", textContent: one.name, lang: "" });
      name.dataset.url = one.url;
      name.addEventListener("click", () => show([one], one.at, one.url));
      row.append(name);
      return row;
    }));
    more.hidden = some.length <= MOST_NAMED;
    more.textContent = filled(more.dataset.more, { more: some.length - MOST_NAMED });
  }

  function ink() {
    for (const one of layer.querySelectorAll("svg path")) {
      const name = one.getAttribute("class"), style = getComputedStyle(one);
      inks[name] = name.startsWith("l") ? style.stroke : style.fill;
    }
    Sign = sign(inks);
    paint();
    group();
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const most = Number(told.most), lost = layer.querySelector("[data-lost]"), without = Number(told.all) - here.length;
  lost.hidden = without <= 0 || points.features.length >= most;
  lost.textContent = filled(lost.dataset.lost, { lost: without });
  layer.querySelector("[data-cut]").hidden = points.features.length < most;
  ink();
  count();
  map.on("zoomend", group).on("moveend", () => { look(); count(); tell(map.getCenter()); });
  map.on("mousemove", event => tell(event.latlng));
  dark.addEventListener("change", ink);

  function leave() {
    if (!layer.isConnected) return;
    dark.removeEventListener("change", ink);
    map._animatingZoom = false; // or its end looks for what is gone
    map.remove();
    layer.remove();
    drawing.toggleAttribute("hidden", false);
    button.parentElement.hidden = false;
  }
  const back = () => { leave(); button.focus(); };
  layer.querySelector("[data-close]").addEventListener("click", back);
  layer.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    layer.querySelector(".leaflet-popup") ? shut() : back();
  });
  ground.focus({ preventScroll: true });
  return leave;
}
