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
    const s = scale(series), marks = [], suffix = series.suffix ?? (series.percent ? " %" : "");
    const first = Math.max(from ?? -Infinity, runs[0].years[0]);
    const tips = [];
    for (const run of runs) {
      const alone = run.rows[0].every((low, k) => low === run.rows[6][k]); // one history, or all the same: no bands
      const points = run.years.map((year, k) => ({year: year + 1, named: year, run: run.title, alone, q: run.rows.map((row) => row[k] == null ? null : row[k] * s)}))
        .filter((point) => point.q[3] != null && point.year >= first);
      for (const [low, high, opacity] of BANDS.slice(3 - bands)) {
        if (run.medianOnly) continue;
        marks.push(Plot.areaY(points, {x: "year", y1: (d) => d.q[low], y2: (d) => d.q[high], fill: run.colour, fillOpacity: opacity * (run.faint ? 0.5 : 1)}));
      }
      marks.push(Plot.lineY(points, {x: "year", y: (d) => d.q[3], stroke: run.colour, strokeWidth: 1.8, strokeDasharray: run.dashed ? "5 3" : null}));
      tips.push(...points);
    }
    const title = (d) => `${runs.length > 1 ? d.run + "\n" : ""}end of ${d.named}: ${number(d.q[3])}${suffix}` + (d.alone ? "" : `\nmiddle 80 %: ${number(d.q[1])} to ${number(d.q[5])}\nmiddle 95 %: ${number(d.q[0])} to ${number(d.q[6])}`);
    marks.push(Plot.ruleX(tips, Plot.pointerX({x: "year", py: (d) => d.q[3], stroke: "#999"})));
    marks.push(Plot.tip(tips, Plot.pointerX({x: "year", y: (d) => d.q[3], title, fontSize: 12, lineHeight: 1.25})));
    if (branch > first) marks.push(Plot.ruleX([branch], {stroke: "#1a1a1a", strokeDasharray: "4 3"}));
    if (zero) marks.push(Plot.ruleY([0], {stroke: "#666"}));
    const wide = width(box);
    place(box, Plot.plot({width: wide, height: height ?? Math.min(340, Math.max(220, wide * 0.48)), marginLeft: 54, marginTop: series.percent ? 18 : 32,
      style: {fontSize: "12px"}, x: {tickFormat: "d", label: null, ticks: wide < 480 ? 5 : 9},
      y: {grid: true, label: series.percent ? null : series.unit, labelArrow: "none", nice: true, ...(top ? {domain: [0, top * s], clamp: true} : {}), tickFormat: (value) => number(value) + (series.percent ? " %" : "")}, marks}), series.title);
  }

  // rows: [{label, q: [5], at, colour, title}]
  function intervals(box, {rows, percent = false, zero = false, dates = false, branch, label, unit = "", line = 22, beside}) {
    const wide = width(box), ruler = document.createElement("canvas").getContext("2d");
    ruler.font = "12px system-ui, sans-serif"; // as the labels are set, so that none is cut off at the edge
    const long = (text) => ruler.measureText(text).width;
    const left = Math.min(wide * 0.5, 12 + Math.max(0, ...rows.map((row) => long(row.label))));
    const cut = (text) => {
      if (long(text) <= left - 7) return text;
      let most = text.length - 1;
      while (most > 1 && long(text.slice(0, most) + "…") > left - 7) most -= 1;
      return text.slice(0, most).trimEnd() + "…";
    };
    const bars = rows.filter((row) => row.q), dots = rows.filter((row) => row.at != null);
    const names = rows.map((row) => row.key ?? row.label);
    const shortly = new Map(rows.map((row) => [row.key ?? row.label, cut(row.label)]));
    const y = (row) => row.key ?? row.label, colour = (row) => row.colour ?? "#5599c8";
    // rows may share a line: those with a shift stand a little above or below its middle
    const shifts = d3.groups(bars, (row) => row.shift ?? 0);
    const marks = [
      ...shifts.flatMap(([dy, some]) => [
        Plot.ruleY(some, {y, dy, x1: (d) => d.q[0], x2: (d) => d.q[4], stroke: colour, strokeOpacity: 0.5, strokeWidth: dy ? 3 : 4}),
        Plot.ruleY(some, {y, dy, x1: (d) => d.q[1], x2: (d) => d.q[3], stroke: colour, strokeWidth: dy ? 6 : 9}),
        Plot.dot(some, {y, dy, x: (d) => d.q[2], fill: "#fff", stroke: "#12355b", strokeWidth: 1.6, r: dy ? 3 : 4}),
      ]),
      Plot.dot(dots, {y, x: "at", fill: (d) => d.colour ?? "#d55e00", r: 4.5}),
      Plot.tip(rows, Plot.pointer({y, x: (d) => d.q ? d.q[2] : d.at, title: "title", fontSize: 12, lineHeight: 1.25})),
    ];
    if (beside) marks.push(Plot.text(bars, {y, x: (d) => d.q[4], text: beside, dx: 6, textAnchor: "start", fill: "#444"}));
    if (branch) marks.push(Plot.ruleX([branch], {stroke: "#1a1a1a", strokeDasharray: "4 3"}));
    if (zero) marks.push(Plot.ruleX([0], {stroke: "#666"}));
    place(box, Plot.plot({width: wide, height: 46 + line * new Set(names).size, marginLeft: left, marginRight: beside ? 52 : 16, marginTop: 24,
      style: {fontSize: "12px"}, x: {grid: true, axis: "top", label: null, tickFormat: dates ? "d" : (value) => number(value) + (percent ? " %" : ""), ticks: wide < 480 ? 4 : 7},
      y: {domain: names, label: null, tickFormat: (name) => shortly.get(name), tickSize: 0}, marks}), label, unit);
  }

  // one line a name, with its label at the end, moved apart where lines end together
  function lines(box, {points, branch, label, colours}) {
    const wide = width(box), tall = Math.min(380, Math.max(260, wide * 0.5)), narrow = wide < 560;
    const ends = d3.rollups(points, (rows) => ({...rows[rows.length - 1]}), (d) => d.name).map(([, row]) => row).sort((a, b) => a.value - b.value);
    const gap = 14 * d3.max(points, (d) => d.high) / (tall - 60);
    ends.forEach((row, k) => { row.at = k ? Math.max(row.value, ends[k - 1].at + gap) : row.value; });
    place(box, Plot.plot({width: wide, height: tall, marginLeft: 46, marginTop: 24, marginRight: narrow ? 118 : 160, style: {fontSize: narrow ? "11px" : "12px"},
      x: {tickFormat: "d", label: null, ticks: narrow ? 4 : 9}, y: {grid: true, label: null, tickFormat: (v) => number(v) + " %"},
      color: {domain: Object.keys(colours), range: Object.values(colours)},
      marks: [
        Plot.areaY(points, {x: "year", y1: "low", y2: "high", fill: "name", fillOpacity: 0.13}),
        Plot.lineY(points, {x: "year", y: "value", stroke: "name", strokeWidth: 1.8}),
        Plot.text(ends, {x: "year", y: "at", text: "code", fill: "name", textAnchor: "start", dx: 6}),
        ...(branch ? [Plot.ruleX([branch], {stroke: "#1a1a1a", strokeDasharray: "4 3"})] : []),
        Plot.tip(points, Plot.pointer({x: "year", y: "value", title: "title", fontSize: 12, lineHeight: 1.25})),
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
