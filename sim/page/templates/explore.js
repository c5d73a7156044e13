"use strict";
(() => {
  const page = JSON.parse(document.getElementById("page-data").textContent), states = page.states;
  const byId = (id) => document.getElementById(id);
  const element = (tag, properties = {}, ...children) => { const found = Object.assign(document.createElement(tag), properties); found.append(...children); return found; };
  const PANELS = ["index", "trust_mean", "trade.KAZ-UZB", "deficit_year.UZB"];
  const STATUS = {fitted: "fitted to the record", fixed: "held fixed", assumed: "assumed, the record does not say", "claims-only": "off but for a claim"};
  const BASE = "#8a9aa8", TUNED = "#d55e00";
  let offered = null, changes = null, base = null, tuned = null, history = null, asked = 0;

  async function ask(what, more = {}) {
    const answer = await fetch(`/api/${what}`, {method: "POST", headers: {"Content-Type": "application/json", "X-Casim-Token": page.token}, body: JSON.stringify({origin: byId("origin").value, ...more})});
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.problem ?? `the server answers ${answer.status}`);
    return found;
  }
  const busy = (text) => { byId("state").textContent = text; byId("state").classList.add("busy"); };
  const said = (text) => { byId("state").textContent = text; byId("state").classList.remove("busy"); };
  const none = () => ({parameters: {}, drop_events: [], drop_instruments: [], add: []});
  const isChanged = () => Object.keys(changes.parameters).length + changes.drop_events.length + changes.drop_instruments.length + changes.add.length > 0;
  const members = () => Number(byId("members").value);
  const panels = () => [...document.querySelectorAll("#panels select")].map((select) => select.value);

  // choosing an origin
  async function choose() {
    changes = none();
    busy("Reading and simulating the scenario …");
    try {
      offered = await ask("offer", {members: members()});
    } catch (error) { return said(error.message); }
    byId("title").textContent = offered.title;
    byId("description").textContent = offered.description;
    listParameters();
    listSwitches();
    listPanels();
    await redraw();
    await loadHistory();
  }

  function listParameters() {
    const box = byId("parameters"), families = d3.group(offered.parameters, (row) => row.family);
    box.replaceChildren();
    for (const [family, rows] of families) {
      const fold = element("details", {open: family === "trust"}, element("summary", {textContent: `${family} (${rows.length})`}));
      fold.append(...rows.map(control));
      box.append(fold);
    }
  }
  function control(row) {
    const id = `p-${row.name}`, output = element("output", {htmlFor: id});
    const shown = (value) => row.choices.length ? value : Casim.number(Number(value), 4);
    let input;
    if (row.choices.length) {
      input = element("select", {id});
      Casim.options(input, row.choices.map((word) => [word, word]));
    } else {
      input = element("input", {id, type: "range", min: row.lower, max: row.upper, step: (row.upper - row.lower) / 400});
    }
    input.value = row.value;
    output.textContent = shown(row.value) + (row.varies ? " (differs)" : "");
    const about = `${row.unit === "choice" ? "" : `${Casim.number(row.lower, 4)} to ${Casim.number(row.upper, 4)} ${row.unit}; `}${row.prior === "fixed" || row.choices.length ? "" : `prior ${row.prior}; `}${STATUS[row.status] ?? row.status}. Source: ${row.source}`;
    const box = element("div", {className: "parameter"}, element("label", {htmlFor: id}, element("span", {textContent: row.meaning || row.name}), output), input, element("small", {}, element("code", {textContent: row.name}), ` ${about}`));
    box.dataset.text = `${row.name} ${row.meaning}`.toLowerCase();
    box.dataset.name = row.name;
    input.addEventListener("input", () => {
      const value = row.choices.length ? input.value : Number(Number(input.value).toPrecision(6));
      changes.parameters[row.name] = value;
      output.textContent = shown(value);
      box.classList.add("moved");
      changed();
    });
    return box;
  }
  byId("find").addEventListener("input", () => {
    const wanted = byId("find").value.trim().toLowerCase();
    for (const fold of byId("parameters").querySelectorAll("details")) {
      let any = false;
      for (const box of fold.querySelectorAll(".parameter")) { box.hidden = wanted !== "" && !box.dataset.text.includes(wanted); any ||= !box.hidden; }
      fold.hidden = !any;
      if (wanted) fold.open = true;
    }
  });

  function toggle(label, checked, then, disabled = false) {
    const box = element("input", {type: "checkbox", checked, disabled});
    box.addEventListener("change", () => { then(box.checked); changed(); });
    return element("label", {className: "switch"}, box, element("span", {textContent: label}));
  }
  const put = (list, value, there) => { const at = list.indexOf(value); if (there && at < 0) list.push(value); if (!there && at >= 0) list.splice(at, 1); };
  function listSwitches() {
    const events = offered.events.map((row) => toggle(row.label + (row.id ? "" : " (has no id in its file: stays on)"), true, (on) => put(changes.drop_events, row.id, !on), !row.id));
    const instruments = offered.instruments.map((row) => toggle(row.label, true, (on) => put(changes.drop_instruments, row.id, !on)));
    byId("events").replaceChildren(...events, ...instruments);
    if (!events.length && !instruments.length) byId("events").textContent = "This scenario states none of its own.";
    byId("add").replaceChildren(...offered.add.map((row) => toggle(row.label, false, (on) => put(changes.add, row.name, on))));
  }

  // redrawing
  let timer = null;
  function changed() {
    const texts = [...Object.entries(changes.parameters).map(([name, value]) => `${name} = ${value}`), ...changes.drop_events.map((id) => `without event ${id}`), ...changes.drop_instruments.map((id) => `without instrument ${id}`), ...changes.add.map((name) => `with events and instruments of ${name}`)];
    byId("changed").replaceChildren(...texts.map((textContent) => element("li", {textContent})));
    clearTimeout(timer);
    timer = setTimeout(redraw, 120);
  }
  async function redraw() {
    const mine = ++asked, from = performance.now(), more = {members: members(), series: panels()};
    busy("Simulating …");
    try {
      const [one, other] = [await ask("bands", more), isChanged() ? await ask("bands", {...more, changes}) : null];
      if (mine !== asked) return;
      base = one; tuned = other;
    } catch (error) { if (mine === asked) said(error.message); return; }
    drawPanels();
    drawTreaties();
    const seconds = (performance.now() - from) / 1000;
    document.body.dataset.redrawn = Number(document.body.dataset.redrawn ?? 0) + 1;
    document.body.dataset.seconds = seconds.toFixed(3);
    said(`${members()} histories, redrawn in ${seconds.toFixed(1)} s${tuned ? "" : "; nothing changed yet"}`);
    clearTimeout(historyTimer);
    historyTimer = setTimeout(loadHistory, 400);
  }
  function listPanels() {
    const box = byId("panels"), groups = Object.entries(offered.chapters);
    const kept = panels();
    box.replaceChildren(...PANELS.map((name, place) => {
      const select = element("select", {ariaLabel: `Series of panel ${place + 1}`});
      for (const [chapter, names] of groups) {
        const group = element("optgroup", {label: chapter});
        group.append(...names.map((each) => element("option", {value: each, textContent: offered.series[each].title})));
        select.append(group);
      }
      const wanted = kept[place] ?? name;
      select.value = offered.series[wanted] ? wanted : name;
      select.addEventListener("change", redraw);
      return element("div", {className: "panel"}, select, element("div", {className: "chart", role: "group", ariaLabel: `Bands ${place + 1}`}));
    }));
  }
  function drawPanels() {
    document.querySelectorAll("#panels .panel").forEach((panel) => {
      const name = panel.querySelector("select").value, runs = [];
      if (base.fans[name]) runs.push({title: "as it is", colour: BASE, years: base.years, rows: base.fans[name]});
      if (tuned?.fans[name]) runs.push({title: "with your changes", colour: TUNED, years: tuned.years, rows: tuned.fans[name]});
      const box = panel.querySelector(".chart");
      box.dataset.series = name;
      box.dataset.last = JSON.stringify(runs.map((run) => run.rows[3][run.rows[3].length - 1]));
      if (runs.length) Casim.fan(box, {runs, series: offered.series[name], branch: base.branch, bands: 2, from: base.branch - 8, height: 210});
    });
  }
  function drawTreaties() {
    const years = Object.keys(base.treaties[0]?.by ?? {}), mine = new Map((tuned?.treaties ?? []).map((row) => [row.title, row.by]));
    const titles = [...new Set([...base.treaties.map((row) => row.title), ...mine.keys()])], theirs = new Map(base.treaties.map((row) => [row.title, row.by]));
    const [head] = document.querySelectorAll("#treaties thead"), [body] = document.querySelectorAll("#treaties tbody");
    head.replaceChildren(element("tr", {}, element("th", {scope: "col", textContent: "Treaty"}), ...years.map((year) => element("th", {scope: "col", textContent: `by ${year}`}))));
    body.replaceChildren(...titles.map((title) => element("tr", {}, element("th", {scope: "row", textContent: title}), ...years.map((year) => element("td", {textContent: `${theirs.get(title)?.[year] ?? "–"}${tuned ? ` → ${mine.get(title)?.[year] ?? "–"}` : ""}`})))));
  }

  // one history
  let historyTimer = null, playing = null;
  const month = byId("month"), svg = document.querySelector("#map-figure svg.map");
  async function loadHistory() {
    try {
      history = await ask("history", {member: Number(byId("member").value) || 0, changes});
    } catch (error) { byId("map-now").textContent = error.message; return; }
    const at = Number(month.value);
    month.min = history.start; month.max = history.end;
    month.value = at >= history.start && at <= history.end ? at : history.branch;
    drawMonth();
  }
  const upTo = (steps, now) => { let value = steps[0][1]; for (const [when, next] of steps) if (when <= now) value = next; return value; };
  const named = (now) => new Date(Date.UTC(Math.floor(now / 12), now % 12, 1)).toLocaleString("en", {month: "long", year: "numeric", timeZone: "UTC"});
  function drawMonth() {
    if (!history) return;
    const now = Number(month.value), year = history.years.indexOf(Math.floor(now / 12));
    const ofYear = (found) => Object.fromEntries(Object.entries(found).map(([name, values]) => [name, values[year]]));
    const at = {rungs: Object.fromEntries(Object.entries(history.rungs).map(([dyad, steps]) => [dyad, upTo(steps, now)])), settled: Object.fromEntries(Object.entries(history.settled).map(([pair, steps]) => [pair, upTo(steps, now)]))};
    for (const [name, found] of Object.entries(history.yearly)) at[name] = ofYear(found);
    at.deficit = Object.fromEntries(Object.entries(history.deficit).map(([state, values]) => [state, values[now - history.start]]));
    CasimMap.draw(svg, at, states, byId("map-fill").value, page.nodes);
    svg.querySelector("title").textContent = `Map of the region in ${named(now)}`;
    month.setAttribute("aria-valuetext", named(now));
    const counts = [0, 0, 0, 0];
    Object.values(at.rungs).forEach((rung) => { counts[rung] += 1; });
    byId("map-now").textContent = `${named(now)}, ${now < history.branch ? "documented" : `history ${history.member}`}: ${counts[3]} alliances, ${counts[2]} strategic partnerships, ${counts[1]} friendship treaties`;
    const lately = history.events.filter(([when]) => when <= now && when > now - 12).reverse();
    byId("happened").replaceChildren(...lately.map(([when, text, origin]) => element("li", {textContent: `${named(when)}: ${text}${{documented: " [record]", scenario: " [scenario]"}[origin] ?? ""}`})));
    if (!lately.length) byId("happened").replaceChildren(element("li", {textContent: "Nothing of note within the last year."}));
  }
  const step = (by) => { month.value = Number(month.value) + by; drawMonth(); };
  byId("month-back").addEventListener("click", () => step(-1));
  byId("month-on").addEventListener("click", () => step(1));
  month.addEventListener("input", drawMonth);
  byId("map-fill").addEventListener("change", drawMonth);
  byId("member").addEventListener("change", loadHistory);
  byId("play").addEventListener("click", (event) => {
    const stop = () => { clearInterval(playing); playing = null; event.target.textContent = "Play"; event.target.setAttribute("aria-pressed", "false"); };
    if (playing) return stop();
    if (month.value === month.max) month.value = history.branch;
    event.target.textContent = "Stop";
    event.target.setAttribute("aria-pressed", "true");
    playing = setInterval(() => { step(1); if (month.value === month.max) stop(); }, 160);
  });

  // saving
  byId("save-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const found = await ask("save", {changes, name: byId("save-name").value, title: byId("save-title").value});
      byId("saved").textContent = `Saved as ${found.path}. Run it with: casim run ${found.path}`;
      byId("saved-text").textContent = found.text;
      byId("saved-text").hidden = false;
      byId("origin").append(element("option", {value: found.name, textContent: found.title}));
    } catch (error) { byId("saved").textContent = error.message; }
  });
  byId("reset").addEventListener("click", () => { choose(); byId("changed").replaceChildren(); });
  byId("members").addEventListener("change", redraw);
  byId("origin").addEventListener("change", () => { byId("changed").replaceChildren(); choose(); });
  Casim.options(byId("origin"), Object.entries(page.scenarios));
  byId("origin").value = page.first;
  CasimMap.listen(byId("map-figure"), byId("map-tip"));
  choose();
  let wide = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== wide && base) { wide = innerWidth; drawPanels(); } });
})();
