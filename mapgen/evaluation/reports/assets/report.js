(() => {
"use strict";
const one = (query, from = document) => from.querySelector(query);
const all = (query, from = document) => [...from.querySelectorAll(query)];
const data = JSON.parse(one("#_data").textContent);
const list = one(".cases");
if (!list) return;
const metric = one("#_metric"), order = one("#_order"), unit = one("#_unit");
const cases = [...list.children].map((item, at) => ({ item, at, query: one(".query", item).textContent }));
const STEPS = [.5, 2, 5];
const cell = (item, name) => one(`[data-is="${name}"]`, item);
all(".ui").forEach(element => { element.hidden = false; });

/* Numbers are written as the page writes them. */
const number = value => value === null ? "–" : (value < 0 ? "−" : "") + Math.abs(value).toFixed(2);
const signed = value => value > 0 ? `+${number(value)}` : number(value);
const quantile = score => score === null ? "n" : Math.min(9, Math.max(0, Math.floor(score * 10)));
const shade = change => {
  if (change === null) return "none";
  const depth = STEPS.filter(step => Math.abs(change) >= step).length;
  return depth ? (change < 0 ? "-" : "+") + depth : "0";
};
const put = (target, text, look) => {
  one(".value", target).textContent = text;
  target.className = look;
};

/* What stands in the page at first is the mean over the primary metrics. */
cases.forEach(each => {
  each.first = ["base", "new", "change"].map(name => [one(".value", cell(each.item, name)).textContent, cell(each.item, name).className]);
  const text = each.first[2][0];
  each.mean = /\d/.test(text) ? parseFloat(text.replace("−", "-")) : null;
});
const show = () => {
  const chosen = metric.value === "" ? null : data[+metric.value];
  unit.textContent = chosen ? "diff." : "change";
  cases.forEach(each => {
    const { item, at, first } = each;
    if (!chosen) {
      ["base", "new", "change"].forEach((name, place) => put(cell(item, name), ...first[place]));
      each.value = each.mean;
      return;
    }
    const base = chosen.base[at], next = chosen.new[at];
    each.value = base === null || next === null ? null : next - base;
    put(cell(item, "base"), number(base), `score q${quantile(base)}`);
    put(cell(item, "new"), number(next), `score q${quantile(next)}`);
    put(cell(item, "change"), signed(each.value), `change d${shade(each.value === null ? null : each.value / chosen.margin)}`);
  });
  const known = (a, b) => (a.value === null) - (b.value === null);
  const ways = {
    loss: (a, b) => known(a, b) || a.value - b.value || a.at - b.at,
    gain: (a, b) => known(a, b) || b.value - a.value || a.at - b.at,
    query: (a, b) => a.query.localeCompare(b.query) || a.at - b.at,
  };
  list.append(...[...cases].sort(ways[order.value]).map(each => each.item));
};
metric.addEventListener("change", show);
order.addEventListener("change", show);
show();

/* A link to a query's maps opens them. */
const arrive = () => {
  const id = decodeURIComponent(location.hash.slice(1)), found = id && document.getElementById(id)?.closest("details");
  if (found) {
    found.open = true;
    found.scrollIntoView();
  }
};
addEventListener("hashchange", arrive);
all(".losers a").forEach(link => link.addEventListener("click", () => { if (link.hash === location.hash) arrive(); }));
arrive();
})();
