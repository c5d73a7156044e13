"use strict";
// Charts that the report and the explorer share, drawn with Observable Plot.
const Casim = (() => {
  const BANDS = [[0, 6, 0.16], [1, 5, 0.26], [2, 4, 0.42]];
  const STATE_COLOURS = {AZE: "#a8487f", KAZ: "#0072b2", KGZ: "#b34700", TJK: "#00795a", TKM: "#8a6d00", UZB: "#3a8fc4"};
  const scale = (series) => (series.percent ? 100 : 1);
  const number = (value, digits = 3) => value == null || !isFinite(value) ? "–"
    : Number(value.toPrecision(digits)).toLocaleString("en", {maximumFractionDigits: 4}).replace("-", "−");
  const shown = (value, series) => value == null ? "–" : number(value * scale(series)) + (series.percent ? " %" : "");
  const width = (box) => Math.max(280, Math.min(box.clientWidth || 680, 980));

  function place(box, plot, label, caption) {
    plot.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", label);
    box.replaceChildren(plot);
    if (caption) {
      const text = document.createElement("p");
      text.className = "caption";
      text.textContent = caption;
      box.prepend(text);
    }
  }

  // runs: [{title, colour, years, rows (7 lists), dashed}]
  function fan(box, {runs, series, branch, bands = 3, from, zero = false, height, top}) {
    const s = scale(series), marks = [];
    const first = Math.max(from ?? -Infinity, runs[0].years[0]);
    const tips = [];
    for (const run of runs) {
      const points = run.years.map((year, k) => ({year: year + 1, named: year, run: run.title, q: run.rows.map((row) => row[k] == null ? null : row[k] * s)}))
        .filter((point) => point.q[3] != null && point.year >= first);
      for (const [low, high, opacity] of BANDS.slice(3 - bands)) {
        if (run.medianOnly) continue;
        marks.push(Plot.areaY(points, {x: "year", y1: (d) => d.q[low], y2: (d) => d.q[high], fill: run.colour, fillOpacity: opacity * (run.faint ? 0.5 : 1)}));
      }
      marks.push(Plot.lineY(points, {x: "year", y: (d) => d.q[3], stroke: run.colour, strokeWidth: 1.8, strokeDasharray: run.dashed ? "5 3" : null}));
      tips.push(...points);
    }
    const title = (d) => `${runs.length > 1 ? d.run + "\n" : ""}end of ${d.named}: ${number(d.q[3])}${series.percent ? " %" : ""}\nmiddle 80 %: ${number(d.q[1])} to ${number(d.q[5])}\nmiddle 95 %: ${number(d.q[0])} to ${number(d.q[6])}`;
    marks.push(Plot.ruleX(tips, Plot.pointerX({x: "year", py: (d) => d.q[3], stroke: "#999"})));
    marks.push(Plot.tip(tips, Plot.pointerX({x: "year", y: (d) => d.q[3], title, fontSize: 12})));
    if (branch > first) marks.push(Plot.ruleX([branch], {stroke: "#1a1a1a", strokeDasharray: "4 3"}));
    if (zero) marks.push(Plot.ruleY([0], {stroke: "#666"}));
    const wide = width(box);
    place(box, Plot.plot({width: wide, height: height ?? Math.min(340, Math.max(220, wide * 0.48)), marginLeft: 54, marginTop: 18,
      style: {fontSize: "12px"}, x: {tickFormat: "d", label: null, ticks: wide < 480 ? 5 : 9},
      y: {grid: true, label: null, nice: true, ...(top ? {domain: [0, top * s], clamp: true} : {}), tickFormat: (value) => number(value) + (series.percent ? " %" : "")}, marks}), series.title);
  }

  // rows: [{label, q: [5], at, colour, title}]
  function intervals(box, {rows, percent = false, zero = false, dates = false, branch, label, unit = "", line = 22, beside}) {
    const wide = width(box), longest = Math.max(0, ...rows.map((row) => row.label.length));
    const left = Math.min(wide * 0.46, 16 + longest * 6.6);
    const cut = (text) => { const most = Math.floor((left - 12) / 6.4); return text.length > most ? text.slice(0, most - 1) + "…" : text; };
    const bars = rows.filter((row) => row.q), dots = rows.filter((row) => row.at != null);
    const names = rows.map((row) => row.key ?? row.label);
    const shortly = new Map(rows.map((row) => [row.key ?? row.label, cut(row.label)]));
    const y = (row) => row.key ?? row.label, colour = (row) => row.colour ?? "#5599c8";
    const marks = [
      Plot.ruleY(bars, {y, x1: (d) => d.q[0], x2: (d) => d.q[4], stroke: colour, strokeOpacity: 0.5, strokeWidth: 4}),
      Plot.ruleY(bars, {y, x1: (d) => d.q[1], x2: (d) => d.q[3], stroke: colour, strokeWidth: 9}),
      Plot.dot(bars, {y, x: (d) => d.q[2], fill: "#fff", stroke: "#12355b", strokeWidth: 1.6, r: 4}),
      Plot.dot(dots, {y, x: "at", fill: (d) => d.colour ?? "#d55e00", r: 4.5}),
      Plot.tip(rows, Plot.pointer({y, x: (d) => d.q ? d.q[2] : d.at, title: "title", fontSize: 12})),
    ];
    if (beside) marks.push(Plot.text(bars, {y, x: (d) => d.q[4], text: beside, dx: 6, textAnchor: "start", fill: "#444"}));
    if (branch) marks.push(Plot.ruleX([branch], {stroke: "#1a1a1a", strokeDasharray: "4 3"}));
    if (zero) marks.push(Plot.ruleX([0], {stroke: "#666"}));
    place(box, Plot.plot({width: wide, height: 46 + line * new Set(names).size, marginLeft: left, marginRight: beside ? 52 : 16, marginTop: 24,
      style: {fontSize: "12px"}, x: {grid: true, axis: "top", label: null, tickFormat: dates ? "d" : (value) => number(value) + (percent ? " %" : ""), ticks: wide < 480 ? 4 : 7},
      y: {domain: names, label: null, tickFormat: (name) => shortly.get(name), tickSize: 0}, marks}), label, unit);
  }

  function lines(box, {points, series, branch, label, colours, percent = true}) {
    const wide = width(box);
    const last = d3.rollups(points, (rows) => rows[rows.length - 1], (d) => d.name).map(([, row]) => row);
    place(box, Plot.plot({width: wide, height: Math.min(360, Math.max(240, wide * 0.5)), marginLeft: 50, marginRight: wide < 480 ? 46 : 96, style: {fontSize: "12px"},
      x: {tickFormat: "d", label: null, ticks: wide < 480 ? 5 : 9}, y: {grid: true, label: null, tickFormat: (v) => number(v) + (percent ? " %" : "")},
      color: {domain: Object.keys(colours), range: Object.values(colours)},
      marks: [
        Plot.areaY(points.filter((d) => d.low != null), {x: "year", y1: "low", y2: "high", fill: "name", fillOpacity: 0.13}),
        Plot.lineY(points, {x: "year", y: "value", stroke: "name", strokeWidth: 1.8}),
        Plot.text(last, {x: "year", y: "value", text: (d) => wide < 480 ? d.code : d.name, fill: "name", textAnchor: "start", dx: 5}),
        ...(branch ? [Plot.ruleX([branch], {stroke: "#1a1a1a", strokeDasharray: "4 3"})] : []),
        Plot.tip(points, Plot.pointer({x: "year", y: "value", title: "title", fontSize: 12})),
      ]}), label);
  }

  function download(name, rows) {
    const quote = (value) => value == null ? "" : /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
    // a leading sign that a spreadsheet takes for a formula is kept as text
    const safe = (value) => typeof value === "string" && /^[=+@]/.test(value) ? "'" + value : value;
    const text = rows.map((row) => row.map((value) => quote(safe(value))).join(",")).join("\n") + "\n";
    const link = document.createElement("a");
    link.href = "data:text/csv;charset=utf-8," + encodeURIComponent(text);
    link.download = name;
    link.click();
  }

  function options(select, entries) {
    if (!select) return;
    select.replaceChildren(...entries.map(([value, text]) => { const option = document.createElement("option"); option.value = value; option.textContent = text; return option; }));
  }

  return {fan, intervals, lines, download, options, number, shown, scale, width, STATE_COLOURS};
})();
