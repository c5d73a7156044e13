"use strict";
(() => {
  const page = JSON.parse(document.getElementById("page-data").textContent);
  const runs = page.runs, states = page.states, byId = (id) => document.getElementById(id);
  const several = runs.length > 1, titles = runs.map((run, k) => [k, run.title]);
  const pairName = (dyad) => dyad.split("-").map((state) => states[state] ?? state).join("–");
  const percent = CasimMap.percent;
  document.body.classList.add("live");
  const chosen = (id) => runs[several && byId(id) ? Number(byId(id).value) : 0];
  for (const id of ["map-run", "treaties-run", "trust-run", "trade-run", "rivers-run"]) Casim.options(byId(id), titles);
  const tables = {};  // what each figure shows, as rows for its download

  // the map
  const svg = document.querySelector("#map-figure svg.map"), slider = byId("map-year");
  const yearOf = (found, at) => Object.fromEntries(Object.entries(found).filter(([key]) => key !== "years").map(([key, rows]) => [key, Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, values[at]]))]));
  function drawMap() {
    const run = chosen("map-run"), year = Number(slider.value), at = run.map.years.indexOf(year);
    if (at < 0) return;
    const now = yearOf(run.map, at), held = now.held;
    const past = year + 1 <= run.branch, count = (name) => past ? Math.round(held[name]) : held[name].toFixed(1);
    CasimMap.draw(svg, now, states, byId("map-fill").value, page.nodes);
    svg.querySelector("title").textContent = `Map of the region at the end of ${year}`;
    const open = Object.values(now.settled).filter((share) => share < 0.995).length;
    byId("map-now").textContent = `End of ${year}, ${past ? "documented" : "simulated, on average"}: ${count("alliance")} alliances, ${count("partnership")} strategic partnerships and ${count("friendship")} friendship treaties are the highest of a pair; ${open} of ${Object.keys(now.settled).length} borders not wholly settled`;
    slider.setAttribute("aria-valuetext", `${year}`);
    tables.map = [["kind", "name", "value"], ...Object.entries(now).flatMap(([kind, rows]) => Object.entries(rows).map(([name, value]) => [kind, name, value]))];
  }
  CasimMap.listen(byId("map-figure"), byId("map-tip"));
  const step = (by) => { slider.value = Number(slider.value) + by; drawMap(); };
  byId("map-back").addEventListener("click", () => step(-1));
  byId("map-on").addEventListener("click", () => step(1));
  slider.addEventListener("input", drawMap);
  byId("map-fill").addEventListener("change", drawMap);
  byId("map-run")?.addEventListener("change", drawMap);
  let playing = null;
  byId("map-play").addEventListener("click", (event) => {
    const stop = () => { clearInterval(playing); playing = null; event.target.textContent = "Play"; event.target.setAttribute("aria-pressed", "false"); };
    if (playing) return stop();
    if (slider.value === slider.max) slider.value = slider.min;
    event.target.textContent = "Stop";
    event.target.setAttribute("aria-pressed", "true");
    playing = setInterval(() => { step(1); if (slider.value === slider.max) stop(); }, 450);
  });

  // treaties
  const RUNG_COLOUR = {friendship: "#c98f1a", partnership: "#2f8f9d", alliance: "#1f2f6b"};
  const SHIFT = {friendship: -6, partnership: -4, alliance: 4};
  const monthName = (year) => new Date(Date.UTC(Math.floor(year), Math.round((year % 1) * 12), 1)).toLocaleString("en", {month: "long", year: "numeric", timeZone: "UTC"});
  const last = (row) => row.by[row.by.length - 1];
  function said(row) {
    if (row.documented != null) return `${row.label}\ndocumented, ${monthName(row.documented)}`;
    const chance = (year) => { const k = row.years.indexOf(year); return k < 0 ? "" : `\nby the end of ${year}: ${percent(row.by[k][0])} (${percent(row.by[k][1])} to ${percent(row.by[k][2])})`; };
    return row.label + chance(2030) + chance(row.years[row.years.length - 1]) + (row.when ? `\nwhere it comes: half by ${monthName(row.when[2])},\nmiddle 80 % ${monthName(row.when[0])} to ${monthName(row.when[4])}` : "");
  }
  function drawTreaties() {
    const run = chosen("treaties-run"), kind = byId("treaties-kind").value, box = byId("treaties-figure");
    const open = run.timeline.filter((row) => row.documented == null && row.when).sort((a, b) => last(b)[0] - last(a)[0]);
    tables.treaties = [["id", "label", "documented", "q10", "q25", "median", "q75", "q90", "by", "probability", "low", "high"],
      ...run.timeline.flatMap((row) => row.documented != null ? [[row.id, row.label, row.documented]] : row.years.map((year, k) => [row.id, row.label, null, ...(row.when ?? [null, null, null, null, null]), year, ...row.by[k]]))];
    if (kind === "curve") {
      const names = open.filter((row) => row.by[0][0] < 0.995).slice(0, 8);
      const hues = ["#0072b2", "#b34700", "#00795a", "#a8487f", "#8a6d00", "#3a8fc4", "#12355b", "#6b6b6b"];
      const points = names.flatMap((row) => row.years.map((year, k) => ({year: year + 1, name: row.label, code: row.short, value: 100 * row.by[k][0], low: 100 * row.by[k][1], high: 100 * row.by[k][2], title: `${row.label}\nby the end of ${year}: ${percent(row.by[k][0])} (${percent(row.by[k][1])} to ${percent(row.by[k][2])})`})));
      Casim.lines(box, {points, label: "How likely each treaty is to have come", colours: Object.fromEntries(names.map((row, k) => [row.label, hues[k]]))});
      return;
    }
    const rows = kind === "open" ? open : run.timeline.filter((row) => (kind === "pair") === (row.kind === "pair")).sort((a, b) => kind === "pair" ? 0 : (a.documented ?? 3000) - (b.documented ?? 3000));
    const shared = new Set(rows.filter((row) => row.when && rows.some((other) => other !== row && other.group === row.group && other.when)).map((row) => row.group));
    const list = rows.map((row) => kind === "pair"
      ? {key: row.group, label: pairName(row.group), at: row.documented, q: row.when, colour: RUNG_COLOUR[row.part], shift: shared.has(row.group) ? SHIFT[row.part] : 0, title: said(row), row}
      : {key: row.id, label: innerWidth < 600 ? row.short : row.label, at: row.documented, q: row.when, colour: row.documented != null ? "#d55e00" : RUNG_COLOUR[row.part], title: said(row), row});
    Casim.intervals(box, {rows: list, dates: true, branch: run.branch, label: "Treaty timeline", line: 22, beside: kind === "pair" ? null : (d) => percent(last(d.row)[0])});
    if (kind === "pair") legend(box, RUNG_COLOUR);
  }
  function legend(box, colours) {
    const list = document.createElement("ul");
    list.className = "legend";
    for (const [name, colour] of Object.entries(colours)) {
      const item = document.createElement("li"), swatch = document.createElement("span");
      swatch.className = "swatch"; swatch.style.background = colour;
      item.append(swatch, name);
      list.append(item);
    }
    box.prepend(list);
  }

  // over time
  Casim.options(byId("series-chapter"), Object.keys(page.chapters).map((name) => [name, name]));
  function listSeries() { Casim.options(byId("series-name"), page.chapters[byId("series-chapter").value].map((name) => [name, page.series[name].title])); }
  function drawSeries() {
    const name = byId("series-name").value, series = page.series[name], kind = byId("series-kind")?.value ?? "level";
    const from = {0: null, 10: runs[0].branch - 10, 1: runs[0].branch - 1}[byId("series-from").value];
    const difference = kind === "difference";
    if (difference && byId("series-of")?.value === "0") byId("series-of").value = "all";
    const drawn = runs.map((run) => ({title: run.title, colour: run.colour, years: run.years, rows: difference ? run.difference?.[name] : run.fans[name]})).filter((run) => run.rows);
    const box = byId("series-figure");
    tables.series = [["scenario", "year", "q2.5", "q10", "q25", "median", "q75", "q90", "q97.5"], ...drawn.flatMap((run) => run.years.map((year, k) => [run.title, year, ...run.rows.map((row) => row[k])]))];
    byId("series-meaning").textContent = `${series.title}${series.title.toLowerCase().includes(series.unit) ? "" : `, in ${series.unit}`}${difference ? ", difference from " + runs[0].title : ""}. ${series.meaning} ${series.reading} At 31 December of each year, or over it.`;
    if (!drawn.length) { box.textContent = "This series is not compared history by history; choose levels."; return; }
    const of = byId("series-of")?.value ?? "all";
    const shown = drawn.map((run) => ({...run, medianOnly: of !== "all" && runs.length > 1 && run.title !== runs[Number(of)].title}));
    const drawing = document.createElement("div");
    box.replaceChildren(drawing);
    if (several) legend(box, Object.fromEntries(drawn.map((run) => [run.title, run.colour])));
    Casim.fan(drawing, {runs: shown, series: difference && series.percent ? {...series, suffix: " points"} : series, branch: runs[0].branch, bands: Number(byId("series-bands").value), from, zero: difference});
  }
  byId("series-chapter").addEventListener("change", () => { listSeries(); drawSeries(); });
  Casim.options(byId("series-of"), [...titles, ["all", "all scenarios"]]);
  for (const id of ["series-name", "series-bands", "series-kind", "series-from", "series-of"]) byId(id)?.addEventListener("change", drawSeries);

  // trust
  const trustColour = d3.scaleLinear([0.2, 0.5, 0.9], ["#e2a18b", "#ffffff", "#8fc093"]).clamp(true), trustYear = byId("trust-year");
  function drawTrust() {
    const run = chosen("trust-run"), at = run.years.indexOf(Number(trustYear.value));
    document.querySelectorAll("td[data-pair]").forEach((cell) => {
      const value = run.trust[cell.dataset.pair][at], [a, b] = cell.dataset.pair.split(".");
      cell.textContent = Math.round(100 * value);
      cell.style.background = trustColour(value);
      cell.title = `${states[a]} in ${states[b]}: ${percent(value)}`;
    });
    byId("trust-now").textContent = `End of ${trustYear.value}, per cent, ${Number(trustYear.value) + 1 <= run.branch ? "from the record" : "simulated"}`;
    tables.trust = [["of", "in", "year", "trust"], ...Object.entries(run.trust).flatMap(([pair, values]) => values.map((value, k) => [...pair.split("."), run.years[k], value]))];
  }
  byId("trust-back").addEventListener("click", () => { trustYear.value = Number(trustYear.value) - 1; drawTrust(); });
  byId("trust-on").addEventListener("click", () => { trustYear.value = Number(trustYear.value) + 1; drawTrust(); });
  trustYear.addEventListener("input", drawTrust);
  byId("trust-run")?.addEventListener("change", drawTrust);

  // trade
  const simulated = runs[0].years.filter((year) => year + 1 > runs[0].branch);
  Casim.options(byId("trade-year"), [...simulated].reverse().map((year) => [year, year]));
  const five = (rows, at) => [1, 2, 3, 4, 5].map((edge) => rows[edge][at]);
  function drawTrade() {
    const run = chosen("trade-run"), year = Number(byId("trade-year").value), at = run.years.indexOf(year);
    const rows = (prefix, name, by) => Object.keys(run.fans).filter((key) => key.startsWith(prefix)).map((key) => ({key, label: name(key.slice(prefix.length)), q: five(run.fans[key], at)?.map((v) => v * by)})).filter((row) => row.q[2] != null);
    const trade = rows("trade.", pairName, 1).sort((a, b) => b.q[2] - a.q[2]);
    const gains = rows("integration_gain.", (state) => states[state], 100).sort((a, b) => b.q[2] - a.q[2]).map((row) => ({...row, colour: "#009e73"}));
    const tip = (row, unit) => ({...row, title: `${row.label}, ${year}: ${Casim.number(row.q[2])} ${unit}` + (row.q[0] === row.q[4] ? "" : `\nmiddle 50 %: ${Casim.number(row.q[1])} to ${Casim.number(row.q[3])}\nmiddle 80 %: ${Casim.number(row.q[0])} to ${Casim.number(row.q[4])}`)});
    tables.trade = [["series", "year", "q10", "q25", "median", "q75", "q90"], ...[...trade, ...gains].map((row) => [row.key, year, ...row.q])];
    if (trade.length) Casim.intervals(byId("trade-figure"), {rows: trade.map((row) => tip(row, "billion dollars of the year")), label: "Trade by pair", unit: `billion dollars, ${year}`, zero: true});
    const largest = Math.max(...gains.map((row) => Math.max(Math.abs(row.q[0]), Math.abs(row.q[4]))));
    if (!gains.length || largest < 0.05) {
      byId("gains-figure").replaceChildren();
      byId("gains-words").textContent = `In ${year} no state gains or loses 0.05 % of income against a world without integration${run.members > 1 ? ", in eight histories of ten" : ""}.`;
      return;
    }
    Casim.intervals(byId("gains-figure"), {rows: gains.map((row) => tip(row, "% of income")), label: "Gains from integration by state", unit: `% of income, ${year}`, zero: true});
    if (Math.max(...gains.map((row) => Math.abs(row.q[2]))) < 0.005) {
      byId("gains-words").textContent = `In the middle history no state gains or loses against a world without integration in ${year}.`;
      return;
    }
    const losers = gains.filter((row) => row.q[0] < -0.005).map((row) => row.label), spread = gains[0].q[2] - gains[gains.length - 1].q[2];
    byId("gains-words").textContent = `How even: between the state that gains most (${gains[0].label}) and the one that gains least (${gains[gains.length - 1].label}) lie ${Casim.number(spread, 2)} points of income in the median. ${losers.length ? `One history in ten or more brings a loss to ${losers.join(", ")}.` : "No state loses in more than one history of ten."}`;
  }
  byId("trade-run")?.addEventListener("change", drawTrade);
  byId("trade-year").addEventListener("change", drawTrade);

  // rivers
  function drawRivers() {
    const run = chosen("rivers-run"), box = byId("rivers-figure");
    const names = Object.keys(run.fans).filter((key) => /^(deficit_year|flow)\./.test(key)), from = run.branch - 12;
    const top = d3.max(names.filter((key) => key.startsWith("deficit_year")), (key) => d3.max(run.fans[key][6]));
    box.replaceChildren(...names.map((key) => {
      const cell = document.createElement("div"), title = document.createElement("h4"), chart = document.createElement("div");
      title.textContent = page.series[key].title;
      chart.className = "chart";
      chart.dataset.series = key;
      cell.append(title, chart);
      return cell;
    }));
    box.querySelectorAll("[data-series]").forEach((chart) => {
      const key = chart.dataset.series, deficit = key.startsWith("deficit_year");
      Casim.fan(chart, {runs: [{title: run.title, colour: "#0072b2", years: run.years, rows: run.fans[key]}], series: page.series[key], branch: run.branch, from, height: 190, top: deficit ? top : null, zero: true});
    });
    tables.rivers = [["series", "year", "q2.5", "q10", "q25", "median", "q75", "q90", "q97.5"], ...names.flatMap((key) => run.years.map((year, k) => [key, year, ...run.fans[key].map((row) => row[k])]))];
  }
  byId("rivers-run")?.addEventListener("change", drawRivers);

  // paired differences
  function drawPaired() {
    document.querySelectorAll(".chart.paired").forEach((box) => {
      const run = runs[Number(box.dataset.run)];
      const rows = (run?.effects ?? []).filter((row) => !row.sure).sort((a, b) => b.value - a.value).slice(0, 14)
        .map((row) => ({key: row.outcome, label: row.title, q: [row.low, row.low, row.value, row.high, row.high], colour: row.value > 0 ? "#2f8f9d" : "#c98f1a", title: `${row.title}\n${row.mean}, percentage points of the chance that it ever comes\nby ${row.outcome}`}));
      if (rows.length) Casim.intervals(box, {rows, zero: true, label: `Changes of chances under ${run.title}`, unit: "change of the chance that it ever comes, percentage points"});
    });
  }

  for (const button of document.querySelectorAll("button.data")) button.addEventListener("click", () => Casim.download(`${runs[0].name}-${button.dataset.of}.csv`, tables[button.dataset.of]));
  for (const id of ["treaties-kind", "treaties-run"]) byId(id)?.addEventListener("change", drawTreaties);
  listSeries();
  const all = [drawMap, drawTreaties, drawSeries, drawTrust, drawTrade, drawRivers, drawPaired];
  all.forEach((draw) => draw());
  let wide = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== wide) { wide = innerWidth; [drawTreaties, drawSeries, drawTrade, drawRivers, drawPaired].forEach((draw) => draw()); } });
})();
