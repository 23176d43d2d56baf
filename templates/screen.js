/* Adds filters, sorting and links to copy to a page that says everything without them. It reads the page and nothing else: no
   request, no storage, no text that becomes markup. Its own words stand in <template id="controls">, in the page's language. */
"use strict";
(() => {
  const language = document.documentElement.lang;
  const controls = document.getElementById("controls").content;
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const figures = new Intl.NumberFormat(language);
  const decimalSign = (0.5).toLocaleString(language)[1];
  const filters = [];
  const live = make("live");
  const notice = document.querySelector(".notice");

  function make(name) {
    return controls.querySelector(`[data-control="${name}"]`).cloneNode(true);
  }

  function filled(message, values) {
    return message.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function say(text) {
    live.textContent = text;
  }

  function textOf(element) {
    return element.textContent.replace(/\s+/g, " ").trim();
  }

  /* Letters as people type them: "excecao" finds "Exceção". */
  function plain(text) {
    return text.toLocaleLowerCase(language).normalize("NFD").replace(/\p{M}/gu, "");
  }

  function nameOf(table) {
    const region = table.closest("[role=region]");
    const heading = table.closest("article, section").querySelector("h1, h2");
    return (region && region.getAttribute("aria-label")) || textOf(table.caption || heading);
  }

  /* ---- filters ---------------------------------------------------------------------------------------------------------- */

  /* An entry is what is shown or hidden as one: { nodes, outcome, mark }. `after` runs when a choice was made. */
  class Filter {
    constructor(entries, name, after = () => {}) {
      this.entries = entries;
      this.after = after;
      this.chosen = new Set();
      this.bar = make("tools");
      this.bar.setAttribute("aria-label", filled(this.bar.dataset.name, { name }));
      this.field = this.bar.querySelector("input");
      this.shown = this.bar.querySelector(".shown");
      this.clear = this.bar.querySelector(".clear");
      this.chips = new Map();
      this.addChips();
      let waiting;
      this.field.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => this.apply(), 120);
      });
      this.clear.addEventListener("click", () => {
        this.reset();
        this.field.focus();
      });
      filters.push(this);
      this.apply(true);
    }

    addChips() {
      const counts = new Map();
      for (const { outcome, mark } of this.entries) {
        if (!outcome) continue;
        const known = counts.get(outcome) || { mark, count: 0 };
        known.count += 1;
        counts.set(outcome, known);
      }
      const group = this.bar.querySelector(".chips");
      if (counts.size < 2) {
        group.remove();
        return;
      }
      const rank = ([, { mark }]) => Number(mark.dataset.rank);
      for (const [outcome, { mark, count }] of [...counts].sort((one, other) => rank(one) - rank(other))) {
        const chip = make("chip");
        chip.prepend(mark.cloneNode(true));
        chip.querySelector(".count").textContent = figures.format(count);
        chip.addEventListener("click", () => {
          if (!this.chosen.delete(outcome)) this.chosen.add(outcome);
          this.apply();
        });
        this.chips.set(outcome, chip);
        group.append(chip);
      }
    }

    get active() {
      return this.chosen.size > 0 || this.field.value.trim() !== "";
    }

    choose(outcome) {
      this.field.value = "";
      this.chosen = new Set([outcome]);
      this.apply();
    }

    reset() {
      this.field.value = "";
      this.chosen.clear();
      this.apply();
    }

    apply(quietly = false) {
      const sought = plain(this.field.value).trim().replace(/\s+/g, " ");
      let count = 0;
      for (const entry of this.entries) {
        if (sought && entry.text === undefined) entry.text = plain(partsOf(entry).map(textOf).join(" "));
        const wanted = !this.chosen.size || this.chosen.has(entry.outcome);
        const found = wanted && (!sought || entry.text.includes(sought));
        for (const node of entry.nodes) node.hidden = !found;
        count += found;
      }
      for (const [outcome, chip] of this.chips) chip.setAttribute("aria-pressed", String(this.chosen.has(outcome)));
      const values = { shown: figures.format(count), all: figures.format(this.entries.length) };
      this.shown.textContent = filled(this.shown.dataset.said, values);
      this.bar.classList.toggle("active", this.active);
      this.clear.hidden = !this.active;
      this.after();
      if (notice) notice.hidden = !filters.some((filter) => filter.active);
      if (!quietly) say(this.shown.textContent);
    }

    hides(element) {
      return this.active && this.entries.some(({ nodes }) => nodes.some((node) => node.hidden && node.contains(element)));
    }
  }

  /* The words of two cells are two words. */
  function partsOf({ nodes }) {
    return nodes.flatMap((node) => (node.cells ? [...node.cells] : [node]));
  }

  function entryOf(nodes, marked) {
    return { nodes, outcome: marked.dataset.outcome, mark: marked.querySelector(".v") };
  }

  /* ---- tables ----------------------------------------------------------------------------------------------------------- */

  /* A row moves with the rows of class "rest" that belong to it. Headings of groups and sums are no entries and stay. */
  function entriesOf(table, width) {
    const entries = [];
    for (const body of table.tBodies) {
      for (const row of body.rows) {
        if (row.classList.contains("rest") && entries.length) entries.at(-1).nodes.push(row);
        else if (row.cells.length === width && !row.classList.contains("sum")) entries.push(entryOf([row], row));
      }
    }
    return entries;
  }

  function keyOf(cell, head) {
    if (cell.dataset.sort !== undefined) return Number(cell.dataset.sort);
    const text = textOf(cell);
    if (text === "—") return undefined;
    if (head.dataset.type === "number") return Number(text);
    if (head.dataset.type === "time") return Date.parse(text.replace(" ", "T"));
    if (!head.classList.contains("num")) return text;
    const digits = [...text].filter((sign) => /[\d-]/.test(sign) || sign === decimalSign).join("");
    return digits ? Number(digits.replace(decimalSign, ".")) : undefined;
  }

  function compared(one, other) {
    return typeof one === "number" && typeof other === "number" ? one - other : collator.compare(one, other);
  }

  /* What has no value comes last, whichever way the others go. */
  function inOrder(entries, head, column, way) {
    const keyed = entries.map((entry) => ({ entry, key: keyOf(entry.nodes[0].cells[column], head) }));
    const missing = ({ key }) => key === undefined || Number.isNaN(key);
    const known = keyed.filter((one) => !missing(one)).sort((one, other) => way * compared(one.key, other.key));
    return [...known, ...keyed.filter(missing)].map(({ entry }) => entry);
  }

  function addSorting(table, heads, entries, after) {
    const places = [...table.tBodies].map((body) => [body, [...body.rows]]);
    const first = table.tBodies[0];
    const ends = first.rows.length ? [...first.rows].filter((row) => row.classList.contains("sum")) : [];
    heads.forEach((head, column) => {
      if (!textOf(head)) return;
      const button = make("sort");
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        const way = { ascending: "descending", descending: "none" }[before] || "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        if (way === "none") {
          for (const [body, rows] of places) body.append(...rows);
        } else {
          head.setAttribute("aria-sort", way);
          const sorted = inOrder(entries, head, column, way === "ascending" ? 1 : -1);
          first.append(...sorted.flatMap(({ nodes }) => nodes), ...ends);
        }
        table.classList.toggle("sorted", way !== "none");
        after();
        say(filled(button.dataset[way], { name: textOf(head) }));
      });
    });
  }

  /* A heading stands as long as something below it does, up to the next heading of its kind. */
  function hideEmpty(headings) {
    for (const heading of headings) {
      let after = heading.nextElementSibling;
      while (after && after.hidden && !headings.includes(after)) after = after.nextElementSibling;
      heading.hidden = !after || headings.includes(after);
    }
  }

  /* Rows in another order stand under no heading. */
  function hideGroups(table) {
    const headings = [...table.querySelectorAll("tr.grp")];
    if (table.classList.contains("sorted")) for (const heading of headings) heading.hidden = true;
    else hideEmpty(headings);
  }

  function addControls(table, index) {
    if (!table.tHead || table.dataset.still !== undefined) return; // explains words, or repeats what another table has
    const heads = [...table.tHead.rows[0].cells];
    const entries = entriesOf(table, heads.length);
    const after = () => hideGroups(table);
    if (entries.length > 1) addSorting(table, heads, entries, after);
    if (entries.length < 6 || index) return;
    const filter = new Filter(entries, nameOf(table), after);
    (table.closest(".scroll") || table).before(filter.bar);
  }

  /* ---- parts whose articles are shown or hidden as a whole, with the rows of the index that lead to them ------------------ */

  function addSectionFilter(section) {
    const articles = [...section.querySelectorAll("article[data-outcome]")];
    const index = section.querySelector("table.index");
    const rows = new Map();
    for (const row of index ? index.tBodies[0].rows : []) {
      const link = row.querySelector("a[href^='#']");
      if (link) rows.set(link.hash.slice(1), row);
    }
    if (articles.length < 2) return undefined;
    const entries = articles.map((article) => entryOf([article, rows.get(article.id)].filter(Boolean), article));
    const headings = [...section.querySelectorAll("h2.part")];
    const filter = new Filter(entries, textOf(section.querySelector("h1")), () => hideEmpty(headings));
    filter.bar.classList.add("of-part");
    const start = index ? index.closest(".scroll") || index : articles[0];
    start.before(filter.bar);
    return filter;
  }

  /* ---- links ------------------------------------------------------------------------------------------------------------- */

  function reveal(hash) {
    const target = hash.length > 1 && document.getElementById(hash.slice(1));
    if (!target) return;
    const hiding = filters.filter((filter) => filter.hides(target));
    for (const filter of hiding) filter.reset();
    const folded = target.closest("details:not([open])");
    if (folded) folded.open = true;
    if (hiding.length || folded) target.scrollIntoView();
  }

  async function copied(link) {
    try {
      await navigator.clipboard.writeText(link);
      return true;
    } catch {
      return false; // refused, or no clipboard for a page of this origin: the reader copies the selected link
    }
  }

  function addCopying(article) {
    const heading = article.querySelector(".rhead :is(h2, h3)");
    const name = textOf(heading.querySelector(".n") || heading);
    const button = make("copy");
    button.setAttribute("aria-label", filled(button.dataset.name, { name }));
    button.addEventListener("click", async () => {
      const link = `${location.href.split("#")[0]}#${article.id}`;
      const done = await copied(link);
      say(filled(done ? button.dataset.copied : button.dataset.selected, { name }));
      if (done) {
        button.classList.add("done");
        setTimeout(() => button.classList.remove("done"), 2000);
        return;
      }
      const field = make("link");
      field.value = link;
      field.addEventListener("blur", () => field.remove());
      field.addEventListener("keydown", (event) => {
        if (event.key === "Escape") button.focus();
      });
      button.after(field);
      field.select();
    });
    heading.after(button);
  }

  /* ---- all of it --------------------------------------------------------------------------------------------------------- */

  document.body.append(live);
  for (const table of document.querySelectorAll("main table")) addControls(table, table.classList.contains("index"));
  for (const section of document.querySelectorAll("section[data-filter]")) {
    const filter = addSectionFilter(section);
    if (!filter) continue;
    for (const link of document.querySelectorAll(`.tally a[href="#${section.id}"]`)) {
      link.addEventListener("click", () => filter.choose(link.dataset.outcome));
    }
  }
  document.querySelectorAll("main article[id]").forEach(addCopying);
  if (notice) {
    notice.querySelector("button").addEventListener("click", () => {
      for (const filter of filters) if (filter.active) filter.reset();
      document.getElementById("main").focus();
    });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && !link.dataset.outcome) reveal(link.hash);
  });
  addEventListener("hashchange", () => reveal(location.hash));
  reveal(location.hash);

  /* Chromium leaves a control at the edge of a scrolled region where it is, although it has the focus. */
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest(".scroll") && !target.matches(".scroll")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  /* A region that has nothing to scroll is no stop for the keyboard. */
  const sizes = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      const region = target.closest(".scroll");
      const over = region.scrollWidth > region.clientWidth || region.scrollHeight > region.clientHeight;
      if (over) region.tabIndex = 0;
      else region.removeAttribute("tabindex");
    }
  });
  for (const table of document.querySelectorAll(".scroll > table")) sizes.observe(table);

  const places = new Map([...document.querySelectorAll(".side nav a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (!isIntersecting) continue;
      for (const link of places.values()) link.removeAttribute("aria-current");
      const link = places.get(target.id);
      link.setAttribute("aria-current", "location");
      link.closest("nav").scrollLeft = link.offsetLeft - link.closest("nav").clientWidth / 3; // a strip on a phone
    }
  }, { rootMargin: "-20% 0px -79% 0px" });
  for (const id of places.keys()) seen.observe(document.getElementById(id));
})();
