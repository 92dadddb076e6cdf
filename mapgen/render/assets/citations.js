(() => {
const all = query => [...document.querySelectorAll(query)];
/* The quote behind a mark, beside it: on hover, on focus, and kept by a click or a tap. */
const refs = all(".ref"), tip = document.createElement("span"), tipped = new CSSStyleSheet();
tip.className = "tip";
tip.setAttribute("role", "note");
document.adoptedStyleSheets.push(tipped);
let mark = null, held = false, waiting = 0;
const within = element => Boolean(mark && element && (mark.contains(element) || tip.contains(element)));
const untip = () => {
  if (!mark) return false;
  if (tip.contains(document.activeElement)) mark.focus();
  mark.setAttribute("aria-expanded", "false");
  tip.remove();
  [mark, held] = [null, false];
  return true;
};
const put = () => {
  if (!mark) return;
  tipped.replaceSync("");
  const at = mark.getBoundingClientRect(), { width, height } = tip.getBoundingClientRect();
  const frame = tip.offsetParent.getBoundingClientRect(), edge = tip.offsetParent.clientLeft;
  const over = at.top - 14, under = innerHeight - at.bottom - 14, up = height > under && over > under;
  const room = Math.max(40, up ? over : under), seen = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(at.left + (at.width - width) / 2, seen - width - 8));
  const top = up ? at.top - 6 - Math.min(height, room) : at.bottom + 6;
  tipped.replaceSync(`.tip { left: ${left - frame.left - edge}px; top: ${top - frame.top - edge}px; max-height: ${room}px }`);
  tip.tabIndex = height > room ? 0 : -1;
};
const show = ref => {
  clearTimeout(waiting);
  if (ref === mark || tip.contains(document.activeElement)) return;
  untip();
  mark = ref;
  tip.replaceChildren(...[...document.getElementById(ref.getAttribute("href").split("#").pop()).childNodes].map(node => node.cloneNode(true)));
  ref.after(tip);
  ref.setAttribute("aria-expanded", "true");
  put();
};
const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (!held && mark && !mark.matches(":hover") && !tip.matches(":hover") && !within(document.activeElement)) untip();
  }, 200);
};
refs.forEach(ref => {
  ref.setAttribute("aria-expanded", "false");
  ref.addEventListener("pointerenter", event => { if (event.pointerType !== "touch") show(ref); });
  ref.addEventListener("focus", () => show(ref));
  ref.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (ref === mark && held) return untip();
    show(ref);
    held = true;
  });
});
[...refs, tip].forEach(element => {
  element.addEventListener("pointerleave", soon);
  element.addEventListener("focusout", event => { if (event.relatedTarget && !within(event.relatedTarget)) untip(); });
});
addEventListener("pointerdown", event => { if (!within(event.target)) untip(); });
addEventListener("scroll", put, { passive: true });
addEventListener("resize", put);
addEventListener("keydown", event => { if (event.key === "Escape" && untip()) event.stopImmediatePropagation(); });
all(".quotes").forEach(quotes => { quotes.open = Boolean(quotes.querySelector(":target")); });
})();
