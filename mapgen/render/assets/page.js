(() => {
"use strict";
const all = (query, from = document) => [...from.querySelectorAll(query)];
const one = (query, from = document) => from.querySelector(query);
const cards = all("article"), nodes = all(".node"), edges = all("g.edge[data-source]");
const graph = one(".graph"), status = one(".status"), progress = one(".progress");
const say = text => { if (status) status.textContent = text; };
const card = id => cards.find(card => card.id === id);
all(".ui").forEach(element => { element.hidden = false; });
document.documentElement.classList.add("js");

/* Highlighting: a concept with its edges and neighbours, in the graph and among the cards. */
const light = id => {
  const near = new Set();
  edges.forEach(edge => {
    const { source, target } = edge.dataset, on = source === id || target === id;
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
const arrive = () => {
  const found = card(here());
  if (found?.hidden) {
    search("");
    found.scrollIntoView();
  }
  found?.focus({ preventScroll: true });
  calm();
};
addEventListener("hashchange", arrive);
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
const words = new Map(cards.map(card => [card, plain(all("h3 > span, .definition, .relevance", card).map(part => part.textContent).join(" "))]));
const search = asked => {
  const wanted = plain(asked).split(/\s+/).filter(Boolean);
  if (field && field.value !== asked) field.value = asked;
  cards.forEach(card => { card.hidden = !wanted.every(word => words.get(card).includes(word)); });
  nodes.forEach(node => node.classList.toggle("out", Boolean(card(node.dataset.anchor)?.hidden)));
  const count = cards.filter(card => !card.hidden).length;
  say(wanted.length ? `${count} of ${cards.length} concepts` : "");
  graph?.classList.toggle("searched", wanted.length > 0);
};
field?.addEventListener("input", () => search(field.value));
field?.addEventListener("keydown", event => {
  if (event.key === "Enter") { const found = cards.find(card => !card.hidden); if (found) location.hash = found.id; }
});
addEventListener("keydown", event => {
  const typing = event.target.matches?.("input[type=search], textarea, [contenteditable]");
  if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
  }
  if (event.key !== "Escape") return;
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
    if (view.k > 1 && event.pointerType !== "touch" && !event.target.closest(".node")) {
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
  svg.addEventListener("focusin", event => {
    const box = view.k > 1 && event.target.closest(".node")?.getBBox();
    if (box) show({ k: view.k, x: box.x + box.width / 2 - width / view.k / 2, y: box.y + box.height / 2 - height / view.k / 2 });
  });
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
  try { await navigator.clipboard.writeText(text); } catch {
    const area = document.createElement("textarea"), from = document.activeElement;
    area.value = text;
    area.className = "off";
    if (from && from !== document.body) from.after(area); else document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    from?.focus({ preventScroll: true });
  }
  say("Copied.");
};
const texts = async () => {
  const bytes = Uint8Array.from(atob(one("#_map").textContent), character => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
};
all("[data-copy]").forEach(button => button.addEventListener("click", async () => {
  const name = button.dataset.copy;
  copy(name ? (await texts())[name] : button.previousElementSibling.textContent);
  const label = button.textContent;
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
const drawing = () => {
  const shown = all(".graph > .stage").find(svg => svg.getBoundingClientRect().width) ?? one(".graph > .stage");
  const svg = shown.cloneNode(true), box = shown.getAttribute("viewBox").split(" ");
  all(".away", svg).forEach(element => element.remove());
  all("a", svg).forEach(link => link.removeAttribute("href"));
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.removeAttribute("class");
  svg.removeAttribute("display");
  svg.setAttribute("width", box[2]);
  svg.setAttribute("height", box[3]);
  return { text: new XMLSerializer().serializeToString(svg), width: +box[2], height: +box[3] };
};
const picture = () => {
  const { text, width, height } = drawing(), image = new Image(), canvas = document.createElement("canvas");
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
  svg: () => save(new Blob([drawing().text], { type: "image/svg+xml" }), "svg"),
  png: picture,
  md: async () => save(new Blob([(await texts()).md], { type: "text/markdown" }), "md"),
  json: async () => save(new Blob([(await texts()).json], { type: "application/json" }), "json"),
};
all("[data-save]").forEach(button => button.addEventListener("click", () => SAVES[button.dataset.save]()));

/* What a window is too low for scrolls up with the page; paper shows all of it. */
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [sheet];
const stick = () => sheet.replaceSync(`.graph { top: ${Math.min(16, innerHeight - graph.offsetHeight - 16)}px }`);
if (graph) new ResizeObserver(stick).observe(graph);
if (graph) addEventListener("resize", stick);
addEventListener("beforeprint", () => all(".more").forEach(more => { more.open = true; }));

if (location.hash) arrive();
})();
