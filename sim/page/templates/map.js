"use strict";
// The map: sets colours, widths and titles of the SVG that the page holds to those of a year.
const CasimMap = (() => {
  const RUNGS = [["#b9b9b9", 0.8, "relations only"], ["#c98f1a", 1.6, "friendship treaty"], ["#2f8f9d", 2.4, "strategic partnership"], ["#1f2f6b", 3.4, "alliance"]];
  const lack = d3.scaleLinear([0, 0.05, 0.2], ["#ffffff", "#fdd0a2", "#a63603"]).clamp(true);
  const FILLS = {
    none: () => "#fff",
    deficit: d3.scaleLinear([0, 0.05, 0.2], ["#fff", "#fee6ce", "#e6904a"]).clamp(true),
    trusted: d3.scaleLinear([0.3, 0.5, 0.8], ["#e9b8a6", "#fff", "#a7cfa9"]).clamp(true),
    openness: d3.scaleLinear([-1, 0, 1], ["#e9b8a6", "#fff", "#a7cfe0"]).clamp(true),
  };
  const percent = (value) => value == null ? "–" : `${Math.round(100 * value)} %`;

  // at: {rungs, sure, settled, flows, lacking, taken, deficit, trusted, openness}, each by name, of one year or month
  function draw(svg, at, names, fill, nodes) {
    const mean = at.sure ? ", mean of histories" : "";
    const pick = (selector, then) => svg.querySelectorAll(selector).forEach(then);
    const pair = (code) => code.split("-").map((state) => names[state] ?? state).join("–");
    pick(".treaty", (line) => {
      const dyad = line.dataset.dyad, rung = at.rungs[dyad] ?? 0, [colour, width, text] = RUNGS[rung];
      line.setAttribute("stroke", colour);
      line.setAttribute("stroke-width", width);
      line.setAttribute("stroke-opacity", rung ? (at.sure ? 0.15 + 0.8 * at.sure[dyad] ** 2 : 0.95) : 0.5);
      line.dataset.tip = `${pair(dyad)}: ${text}` + (at.sure ? `\nin ${percent(at.sure[dyad])} of histories` : "");
    });
    pick(".border", (line) => {
      const share = at.settled[line.dataset.pair] ?? 1, done = share > 0.995;
      line.setAttribute("stroke", done ? "#6b6b6b" : "#c0392b");
      line.setAttribute("stroke-width", done ? 1.2 : 1.4 + 2.2 * (1 - share));
      done ? line.removeAttribute("stroke-dasharray") : line.setAttribute("stroke-dasharray", "7 3");
      line.dataset.tip = `Border ${pair(line.dataset.pair)}: ${percent(share)} settled`;
    });
    pick(".river", (line) => {
      const flow = at.flows[line.dataset.node];
      if (flow == null) return;
      line.setAttribute("stroke-width", 0.5 + 0.75 * Math.sqrt(Math.max(flow, 0)));
      const node = nodes[line.dataset.node];
      line.dataset.tip = `${node.title}: ${Casim.number(flow)} km³ a ${at.per ?? "year"} flow on`;
    });
    pick(".node", (circle) => {
      const name = circle.dataset.node, node = nodes[name];
      if (name in at.lacking) {
        circle.setAttribute("fill", lack(at.lacking[name]));
        circle.dataset.tip = `${node.title} (${names[node.state] ?? node.state}): ${percent(at.lacking[name])} of demand not met${mean}`;
      } else if (name in (at.taken ?? {})) {
        circle.setAttribute("fill", at.taken[name] > 0.05 ? "#e6904a" : "#fff");
        circle.dataset.tip = `${node.title}: ${Casim.number(at.taken[name])} km³ a year taken`;
      } else {
        circle.dataset.tip = `${node.title}: ${Casim.number(at.flows[name])} km³ a ${at.per ?? "year"}`;
      }
    });
    pick(".state", (shape) => {
      const state = shape.dataset.state, value = (at[fill] ?? {})[state];
      shape.setAttribute("fill", value == null ? "#fff" : FILLS[fill](value));
      const words = {deficit: (v) => `${percent(v)} of irrigation demand not met${mean}`, trusted: (v) => `trusted by the others: ${percent(v)}`, openness: (v) => `openness ${Casim.number(v, 2)}`};
      shape.dataset.tip = (names[state] ?? state) + Object.entries(words).filter(([key]) => (at[key] ?? {})[state] != null).map(([key, word]) => `\n${word(at[key][state])}`).join("");
    });
  }

  function listen(box, tip) {
    box.querySelectorAll("svg.map title").forEach((title, k) => { if (k) title.remove(); });
    const show = (event) => {
      const target = event.target.closest("[data-tip]");
      tip.hidden = !target;
      if (!target) return;
      tip.textContent = target.dataset.tip;
      const left = Math.min(event.pageX + 14, document.documentElement.clientWidth - tip.offsetWidth - 8);
      tip.style.left = `${Math.max(4, left)}px`;
      tip.style.top = `${event.pageY + 14}px`;
    };
    box.addEventListener("pointermove", show);
    box.addEventListener("pointerdown", show);
    box.addEventListener("pointerleave", () => { tip.hidden = true; });
  }

  return {draw, listen, RUNGS, percent};
})();
