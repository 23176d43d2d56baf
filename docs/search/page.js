
"use strict";
(() => {
  const MOST = 60;
  const element = (id) => document.getElementById(id);
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const { texts: TEXTS, entries } = JSON.parse(element("data").textContent);
  for (const entry of entries) {
    entry.name = folded(`${entry.i} ${entry.t}`);
    entry.all = folded([entry.i, entry.t, entry.s, entry.k, ...entry.m].join(" "));
  }
  const spoken = (tag) => tag.toLowerCase().split("-")[0];
  let language = navigator.languages
    .map((wanted) => Object.keys(TEXTS).find((tag) => spoken(tag) === spoken(wanted)))
    .find(Boolean) ?? "en";

  // Text only ever becomes text: nothing that a question says can be taken for markup.
  const made = (name, text) => {
    const node = document.createElement(name);
    node.textContent = text;
    return node;
  };

  const item = (entry) => {
    const texts = TEXTS[language];
    const shown = document.createElement("li");
    const head = made("h2", `${entry.t} `);
    head.append(made("code", entry.i));
    const more = document.createElement("details");
    more.append(made("summary", texts.more), ...entry.m.filter(Boolean).map((text) => made("p", text)));
    const link = made("a", texts.page);
    link.href = entry.p;
    const place = document.createElement("p");
    place.append(made("span", `${entry.k} · `), link);
    shown.append(head, made("p", entry.s), place, more);
    return shown;
  };

  const show = () => {
    const texts = TEXTS[language];
    document.documentElement.lang = language;
    element("intro").textContent = texts.intro;
    element("label").textContent = texts.label;
    for (const button of element("languages").children) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    const words = folded(element("words").value).split(/\s+/).filter(Boolean);
    const rank = (entry) => words.filter((word) => entry.name.includes(word)).length;
    const found = entries
      .filter((entry) => entry.l === language && words.every((word) => entry.all.includes(word)))
      .sort((one, other) => rank(other) - rank(one));
    element("count").textContent = (found.length > MOST ? texts.some : texts.all)
      .replace("{shown}", Math.min(found.length, MOST).toLocaleString(language))
      .replace("{all}", found.length.toLocaleString(language));
    element("found").replaceChildren(...found.slice(0, MOST).map(item));
  };

  for (const button of element("languages").children) {
    button.addEventListener("click", () => { language = button.dataset.language; show(); });
  }
  element("words").addEventListener("input", show);
  show();
})();
