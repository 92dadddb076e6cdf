(() => {
const all = (query, from = document) => [...from.querySelectorAll(query)];
const one = (query, from = document) => from.querySelector(query);
const cards = all("article"), nodes = all(".node"), edges = all("g.edge[data-source]");
const graph = one(".graph"), status = one(".status"), progress = one(".progress");
const say = text => { if (status) status.textContent = text; };
const card = id => cards.find(card => card.id === id);
all(".ui").forEach(element => { element.hidden = false; });
document.documentElement.classList.add("js");

nodes.forEach(node => { node.dataset.anchor = node.getAttribute("href").split("#").pop(); });

/* Highlighting: a concept with its edges and neighbours, in the graph and among the cards. */
const light = id => {
  const near = new Set();
  edges.forEach(edge => {
    const [source, target] = [edge.dataset.source, edge.dataset.target].map(number => cards[number - 1].id);
    const on = source === id || target === id;
    edge.classList.toggle("on", on);
    if (on) near.add(source).add(target);
  });
  nodes.forEach(node => {
    node.classList.toggle("on", node.dataset.anchor === id);
    node.classList.toggle("near", near.has(node.dataset.anchor));
  });
  cards.forEach(card => card.classList.toggle("on", card.id === id));
  graph?.classList.toggle("lit", Boolean(id));
};
const here = () => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } };
const calm = () => light(card(here()) ? here() : "");
[...nodes, ...cards].forEach(element => {
  const id = element.dataset.anchor ?? element.id;
  element.addEventListener("pointerenter", event => { if (event.pointerType !== "touch") light(id); });
  element.addEventListener("pointerleave", calm);
  element.addEventListener("focusin", () => light(id));
  element.addEventListener("focusout", calm);
});
const unfold = id => {
  const its = nodes.filter(node => node.dataset.anchor === id), more = its[0]?.closest(".more");
  if (!more || more.open || its.some(node => !node.closest(".more"))) return false;
  more.open = true;
  return true;
};
const leave = () => {
  if (location.hash) history.pushState(null, "", location.pathname + location.search);
  light("");
};
const arrive = () => {
  const found = card(here());
  const hidden = found?.hidden;
  if (hidden) search("");
  if (found && (unfold(found.id) || hidden)) found.scrollIntoView();
  found?.focus({ preventScroll: true });
  calm();
};
addEventListener("hashchange", arrive);
all(".graph > .stage").forEach(svg => svg.addEventListener("click", event => {
  if (!event.target.closest(".node, .edge") && one(".graph.lit")) leave();
}));
nodes.forEach(node => node.addEventListener("click", () => { if (node.dataset.anchor === here()) arrive(); }));

/* Arrow keys go to the nearest node in their direction. */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const middle = element => {
  const box = element.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
};
nodes.forEach(node => node.addEventListener("keydown", event => {
  const way = WAYS[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
  const [x, y] = middle(node);
  const far = other => {
    const [a, b] = middle(other), along = (a - x) * way[0] + (b - y) * way[1];
    const aside = Math.abs((a - x) * way[1]) + Math.abs((b - y) * way[0]);
    return other === node || along <= 1 ? Infinity : along + 2 * aside;
  };
  const next = all(".node", node.closest("svg")).reduce((best, other) => far(other) < far(best) ? other : best, node);
  if (next !== node) { event.preventDefault(); next.focus(); }
}));

/* Search among names and texts. */
const field = one(".search input");
const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const read = (from, parts) => plain(all(parts, from).map(part => part.textContent).join(" "));
const names = new Map(cards.map(card => [card, read(card, "h3 > span")]));
const words = new Map(cards.map(card => [card, `${names.get(card)} ${read(card, ".definition, .relevance, .notes, .out em, .why")}`]));
const search = asked => {
  const wanted = plain(asked).split(/\s+/).filter(Boolean);
  if (field && field.value !== asked) field.value = asked;
  cards.forEach(card => { card.hidden = !wanted.every(word => words.get(card).includes(word)); });
  nodes.forEach(node => node.classList.toggle("out", Boolean(card(node.dataset.anchor)?.hidden)));
  const found = cards.filter(card => !card.hidden);
  const told = found.length ? `${found.length} of ${cards.length} concepts` : "Nothing found.";
  say(wanted.length ? told : "");
  graph?.classList.toggle("searched", wanted.length > 0);
  document.documentElement.classList.toggle("searching", wanted.length > 0);
  return wanted.length ? [...found].sort((a, b) => wanted.every(word => names.get(b).includes(word)) - wanted.every(word => names.get(a).includes(word))) : [];
};
field?.addEventListener("input", () => search(field.value));
field?.addEventListener("keydown", event => {
  const [best] = event.key === "Enter" ? search(field.value) : [];
  if (best && best.id === here()) arrive();
  if (best) location.hash = best.id;
});
addEventListener("keydown", event => {
  const typing = event.target.matches?.("input[type=search], textarea, [contenteditable]");
  if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
  }
  if (event.key !== "Escape") return;
  if (!one("details[name=_chips][open], .save[open]") && !typing && one(".graph.lit")) leave();
  all("details[name=_chips][open], .save[open]").forEach(open => {
    open.open = false;
    if (open.contains(document.activeElement)) one("summary", open).focus();
  });
  if (event.target === field) { search(""); field.blur(); }
});
addEventListener("click", event => {
  all("details[name=_chips][open], .save[open]").forEach(open => { if (!open.contains(event.target)) open.open = false; });
});

/* The legend filters relations by kind. */
const off = new Set();
all(".legend li").forEach(item => {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-pressed", "true");
  button.append(...item.childNodes);
  item.append(button);
  button.addEventListener("click", () => {
    const kind = item.dataset.kind, now = !off.delete(kind);
    if (now) off.add(kind);
    button.setAttribute("aria-pressed", String(!now));
    all(".edge[data-source], .relations li").forEach(element => {
      const own = element.dataset.kind ?? element.classList[1];
      if (own === kind) element.classList.toggle("away", now);
    });
    const shown = all(".relations li.out:not(.away)").length;
    say(`${shown} relation${shown === 1 ? "" : "s"} shown`);
  });
});

/* Zoom, by buttons and by the wheel with Ctrl or Command; a drag moves what is zoomed. */
all(".graph > .stage").forEach(svg => {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  let view = { x: 0, y: 0, k: 1 }, grip = null;
  const show = next => {
    const k = Math.min(4, Math.max(1, next.k)), w = width / k, h = height / k;
    view = { k, x: Math.min(width - w, Math.max(0, next.x)), y: Math.min(height - h, Math.max(0, next.y)) };
    svg.setAttribute("viewBox", [view.x, view.y, w, h].map(n => +n.toFixed(1)).join(" "));
    svg.classList.toggle("zoomed", k > 1);
  };
  const zoom = (factor, u = 0.5, v = 0.5) => {
    const k = Math.min(4, Math.max(1, view.k * factor));
    show({ k, x: view.x + u * width * (1 / view.k - 1 / k), y: view.y + v * height * (1 / view.k - 1 / k) });
  };
  all("[data-zoom]").forEach(button => button.addEventListener("click", () => {
    const factor = Number(button.dataset.zoom);
    if (factor) zoom(factor); else show({ k: 1, x: 0, y: 0 });
    if (svg.getBoundingClientRect().width) say(`Zoom ${Math.round(view.k * 100)} %`);
  }));
  svg.addEventListener("wheel", event => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, (event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height);
  }, { passive: false });
  svg.addEventListener("pointerdown", event => {
    if (view.k > 1 && !event.target.closest(".node")) {
      grip = { x: event.clientX, y: event.clientY, from: view };
      svg.setPointerCapture(event.pointerId);
    }
  });
  svg.addEventListener("pointermove", event => {
    if (!grip) return;
    const scale = width / view.k / svg.getBoundingClientRect().width;
    show({ k: view.k, x: grip.from.x - (event.clientX - grip.x) * scale, y: grip.from.y - (event.clientY - grip.y) * scale });
  });
  addEventListener("beforeprint", () => show({ k: 1, x: 0, y: 0 }));
  ["pointerup", "pointercancel"].forEach(type => svg.addEventListener(type, () => { grip = null; }));
  all(".node", svg).forEach(node => node.addEventListener("focus", () => {
    const box = node.getBBox();
    if (view.k > 1) show({ k: view.k, x: box.x + box.width / 2 - width / view.k / 2, y: box.y + box.height / 2 - height / view.k / 2 });
  }));
});

/* What has been read, remembered where that is allowed. */
const KEY = `mapgen ${document.title} ${cards.map(card => card.id)}`;
const ticks = all(".path input");
const recall = () => { try { return JSON.parse(localStorage.getItem(KEY)) ?? []; } catch { return []; } };
const tell = () => {
  const read = ticks.filter(tick => tick.checked).map(tick => tick.value);
  nodes.forEach(node => node.classList.toggle("read", read.includes(node.dataset.anchor)));
  if (progress) progress.textContent = read.length ? `${read.length} of ${ticks.length} read` : "";
  return read;
};
const known = recall();
ticks.forEach(tick => {
  tick.checked = Array.isArray(known) && known.includes(tick.value);
  tick.addEventListener("change", () => {
    const read = tell();
    try { localStorage.setItem(KEY, JSON.stringify(read)); } catch { /* not allowed here: kept while the page is open */ }
  });
});
tell();

/* Copying and saving. */
const copy = async text => {
  try { await navigator.clipboard.writeText(text); } catch { return say("Copying is not allowed here."); }
  say("Copied.");
  return true;
};
const texts = async () => {
  const bytes = Uint8Array.from(atob(one("#_map").textContent), character => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
};
all("[data-copy]").forEach(button => button.addEventListener("click", async () => {
  const name = button.dataset.copy, label = button.dataset.label ??= button.textContent;
  if (!await copy(name ? (await texts())[name] : button.previousElementSibling.textContent)) return;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 1500);
}));
const save = (blob, suffix) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${document.body.dataset.name}.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(`Saved ${link.download}`);
};
const SVG = "http://www.w3.org/2000/svg";
const part = (name, text) => {
  const element = document.createElementNS(SVG, name);
  element.textContent = text;
  return element;
};
const drawing = async () => {
  const shown = all(".graph > .stage").find(svg => svg.getBoundingClientRect().width) ?? one(".graph > .stage");
  const svg = shown.cloneNode(true), width = +shown.getAttribute("width");
  all(".away", svg).forEach(element => element.remove());
  all("a", svg).forEach(link => link.removeAttribute("href"));
  const height = +shown.getAttribute("height");
  svg.prepend(part("title", document.title), part("metadata", (await texts()).json.replace(/[\ufffe\uffff]/g, c => `\\u${c.charCodeAt().toString(16)}`)));
  one("metadata", svg).id = "_map";
  ["class", "display"].forEach(name => svg.removeAttribute(name));
  Object.entries({ xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` }).forEach(([name, value]) => svg.setAttribute(name, value));
  return { text: new XMLSerializer().serializeToString(svg), width, height };
};
const picture = async () => {
  const { text, width, height } = await drawing(), image = new Image(), canvas = document.createElement("canvas");
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  image.onload = () => {
    [canvas.width, canvas.height] = [width * 2, height * 2];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    canvas.toBlob(blob => save(blob, "png"));
  };
  image.src = address;
};
const SAVES = {
  svg: async () => save(new Blob([(await drawing()).text], { type: "image/svg+xml" }), "svg"),
  png: picture,
  md: async () => save(new Blob([(await texts()).md], { type: "text/markdown" }), "md"),
  json: async () => save(new Blob([(await texts()).json], { type: "application/json" }), "json"),
};
all("[data-save]").forEach(button => button.addEventListener("click", () => SAVES[button.dataset.save]()));

if (location.hash) arrive();

/* What a window is too low for scrolls up with the page; paper shows all of it. */
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
const stick = () => sheet.replaceSync(`.graph { top: ${Math.min(16, innerHeight - graph.offsetHeight - 16)}px }`);
if (graph) new ResizeObserver(stick).observe(graph);
if (graph) addEventListener("resize", stick);
addEventListener("beforeprint", () => all(".more, .quotes").forEach(more => { more.open = true; }));

})();
