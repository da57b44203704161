/* Search in Chinese and English: `BookSearch.find(query)` ranks the sections, the rest shows them.

   A query is cut into units: a term of the book with its synonyms, a run of Chinese characters,
   an English word in all its forms. A section is found that has every unit; what it is worth says
   `find`. The texts are searched as they are: half a megabyte takes milliseconds. */
"use strict";
const BookSearch = (() => {
  const LANGS = ["zh", "en"], TAG = { zh: "zh-CN", en: "en" };
  const HAN = /[\u3400-\u9fff]/;
  const PIECE = /[\u3400-\u9fff]+|[\u0370-\u03ff]|[a-z0-9_\u00c0-\u024f]+(?:\.[a-z0-9_]+)*/g;   // a Greek letter is a name
  const WORD = /[a-z0-9_\u00c0-\u024f]+/g;
  const NUMBER = /^\d+(?:\.\d+)+$/;                // of a section, a figure, a theorem, an equation
  const PARTICLES = /(?:为什么|是什么|什么是|怎么样|怎么|如何|怎样|什么|问题|以及|[的了和与是在吗呢及])+/;
  const SHOWN = 40, SNIPPET = 150;
  const TITLE = 8, PAGE = 3, CODE = 0.5;           // worth of a place, beside 1 for the text
  const AGAIN = /^(?:summary|exercises)$/;         // sections that only come back to what the others say
  let sections = [], terms = [], stopwords = new Set(), forms = new Map(), stemmer, average = 1;

  /* Variants of a character are one character; a place in the result is the same in the text. */
  const fold = (text) => text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\u2018\u2019]/g, "'").replace(/[\u2010-\u2015\u2212]/g, "-").replace(/[\u00a0\u3000]/g, " ")
    .replace(/[A-Z\u00c0-\u00de]/g, (c) => c.toLowerCase());
  /* The name of a numbered thing as the index has it. */
  const named = (query) => fold(query).replace(/\bfig(?:ure|\.)(?= *\d)/g, "fig ")
    .replace(/\beq(?:uation|n?\.?)(?= *\(?\d)/g, "equation ").replace(/公?式(?= *\(?\d)/g, "式 ");
  const stem = (word) => stemmer.stemWord(word);
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const whole = (source) => `(?<![a-z0-9_])(?:${source})(?![a-z0-9_])`;
  const count = (text, regex) => (text.match(regex) || []).length;

  function load(index) {
    stopwords = new Set(index.stopwords);
    sections = index.pages.flatMap((page) => page.sections.map(([anchor, title, blocks, code, names = []], at) => ({
      page, anchor, title, code,
      blocks: blocks.map(([zh, en = zh]) => ({ zh, en })),
      heading: fold([...title, ...names].join("\n")),
      above: at ? fold(page.sections[0][1].join("\n")) : "",
      text: fold(blocks.flat().join("\n")),
      symbols: fold(code),
    })));
    average = sections.reduce((sum, each) => sum + each.text.length, 0) / (sections.length || 1);
    terms = index.terms;
  }

  /* Once, before the first query: the words of the book by their stem. */
  function prepare() {
    if (stemmer) return;
    stemmer = new Stemmer();
    const all = new Set();
    for (const each of sections)
      for (const text of [each.heading, each.text, each.symbols]) for (const [word] of text.matchAll(WORD)) all.add(word);
    for (const word of all) {
      const key = stem(word);
      if (forms.has(key)) forms.get(key).push(word); else forms.set(key, [word]);
    }
    for (const term of terms) {
      term.stems = term.en.map((word) => (fold(word).match(WORD) || []).map(stem).join(" "));
      term.runs = term.zh.map(fold).filter((word) => HAN.test(word));
    }
  }

  const beginning = (start) => [...forms.values()].flat().filter((word) => word.startsWith(start));
  /* Whether one letter more, less, another, or two changed places make them equal. */
  function near(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    let at = 0, end = 0;
    while (at < a.length && a[at] === b[at]) at += 1;
    while (end < Math.min(a.length, b.length) - at && a.at(-1 - end) === b.at(-1 - end)) end += 1;
    const [x, y] = [a.slice(at, a.length - end), b.slice(at, b.length - end)];
    return x.length < 2 && y.length < 2 || x.length === 2 && y.length === 2 && x[0] === y[1] && x[1] === y[0];
  }
  /* A word as the book spells it: of those that differ in a letter the one with most forms. */
  function spelled(word) {
    if (word.length < 5 || /[\d_.]/.test(word) || forms.has(stem(word)) || beginning(word).length) return word;
    const close = [...forms.values()].filter((words) => words.some((each) => near(word, each)));
    return close.length ? close.sort((a, b) => b.length - a.length)[0].find((each) => near(word, each)) : word;
  }
  /* An English word in all forms that the book uses; else every word that begins so. */
  function wordSource(word) {
    if (NUMBER.test(word)) return `(?<![\\d.])${escaped(word)}(?!\\.?\\d)`;
    if (word.includes(".")) return whole(escaped(word));
    let found = forms.get(stem(word));
    if (!found && word.length > 2) found = beginning(word);
    return found && found.length ? whole([...new Set([word, ...found])].map(escaped).join("|")) : whole(escaped(word));
  }
  const phraseSource = (words) => words.map(wordSource).join("[\\s-]+");
  /* The words of a term as the text writes them: spaces or hyphens between, Latin words whole. */
  const termSource = (word) => HAN.test(word)
    ? escaped(fold(word)).replace(/\s+/g, "\\s*")
    : phraseSource(fold(word).match(PIECE) || [word]);

  const alternative = (source, worth) => {
    const regex = new RegExp(source, "g");
    return { source, count: (text) => worth * count(text, regex) };
  };
  /* All words, anywhere. */
  const scattered = (sources, worth) => {
    const all = sources.map((source) => new RegExp(source, "g"));
    return { source: sources.join("|"), count: (text) => worth * Math.min(...all.map((regex) => count(text, regex))) };
  };
  /* A run of characters that does not stand there whole: its longest parts that do, if they are most of it. */
  const parts = (run, worth) => ({
    source: Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2)).join("|"),
    count: (text) => {
      let covered = 0;
      for (let at = 0; at < run.length;) {
        let end = run.length;
        while (end > at + 1 && !text.includes(run.slice(at, end))) end -= 1;
        if (end > at + 1) { covered += end - at; at = end; } else at += 1;
      }
      return covered >= 0.5 * run.length ? worth * covered / run.length : 0;
    },
  });

  function termUnit(term, own, sources) {
    const others = LANGS.flatMap((lang) => term[lang]).filter((word) => HAN.test(word) === HAN.test(own) && fold(word) !== own);
    const alternatives = [alternative(sources.join("[\\s-]+"), 1), ...others.map((word) => alternative(termSource(word), 0.7))];
    if (sources.length > 1) alternatives.push(scattered(sources, 0.3));
    const twins = LANGS.flatMap((lang) => term[lang]).map(termSource);
    return { source: sources.join("[\\s-]+"), alternatives, term, marks: [...sources, ...twins] };
  }
  function plainUnit(source, more = []) {
    const alternatives = [alternative(source, 1), ...more];
    return { source, alternatives, marks: alternatives.map((each) => each.source) };
  }

  function hanUnits(run) {
    let best = null;
    for (const term of terms) for (const word of term.runs)
      if (run.includes(word) && (word.length > 1 || run === word) && (!best || word.length > best.word.length)) best = { term, word };
    if (best) {
      const at = run.indexOf(best.word);
      return [...hanUnits(run.slice(0, at)), termUnit(best.term, best.word, [escaped(best.word)]),
        ...hanUnits(run.slice(at + best.word.length))];
    }
    const pieces = run.split(PARTICLES).filter(Boolean);
    return pieces.map((piece) => plainUnit(escaped(piece), piece.length > 2 ? [parts(piece, 0.25)] : []));
  }

  function latinUnits(typed) {
    const words = typed.map(spelled), units = [];
    for (let at = 0; at < words.length;) {
      let taken = null;
      for (let end = words.length; end > at && !taken; end -= 1) {
        const key = words.slice(at, end).map(stem).join(" ");
        const joined = words.slice(at, end).join("");
        const term = terms.find((each) => each.stems.includes(key));
        if (term) taken = [termUnit(term, words.slice(at, end).join(" "), words.slice(at, end).map(wordSource)), end];
        else if (end === at + 2 && forms.has(stem(joined))) {   // mini-batch, over fitting
          const close = terms.find((each) => each.stems.includes(stem(joined)));
          taken = [close ? termUnit(close, joined, [wordSource(joined)]) : plainUnit(wordSource(joined),
            [alternative(phraseSource(words.slice(at, end)), 1)]), end];
        }
      }
      units.push(taken ? taken[0] : plainUnit(wordSource(words[at])));
      at = taken ? taken[1] : at + 1;
    }
    return units;
  }

  function parse(query) {
    const pieces = named(query).match(PIECE) || [];
    const kept = pieces.filter((piece) => !stopwords.has(piece));
    const units = [], latin = [];
    for (const piece of kept.length ? kept : pieces) {
      if (!HAN.test(piece)) { latin.push(piece); continue; }
      units.push(...latinUnits(latin.splice(0)), ...hanUnits(piece));
    }
    units.push(...latinUnits(latin));
    if (units.length) return units;
    const signs = fold(query).trim();              // nothing but signs, such as ∇, or but particles
    return signs ? [plainUnit(escaped(pieces.join("") || signs))] : [];
  }

  /* The sections that hold the query, best first: [{section, score}]. */
  function find(query) {
    prepare();
    const units = parse(query);
    if (!units.length) return [];
    const asked = (named(query).match(PIECE) || []).join("");
    const rows = sections.map((section) => {
      const hits = units.map(({ alternatives }) => {
        const most = (text) => alternatives.reduce((best, each) => Math.max(best, each.count(text)), 0);
        return { heading: Math.min(most(section.heading), 1), above: Math.min(most(section.above), 1),
          text: section.text ? most(section.text) : 0, code: section.symbols ? most(section.symbols) : 0 };
      });
      return { section, hits, matched: hits.filter((hit) => hit.heading || hit.text || hit.code || hit.above).length,
        own: hits.some((hit) => hit.heading || hit.text || hit.code) };
    }).filter((row) => row.own);
    const most = Math.max(0, ...rows.map((row) => row.matched));
    const loud = Math.max(0, ...rows.filter(({ section }) => section.page.weight === 1).map((row) => row.matched));
    const rare = units.map((_, at) => {
      const having = rows.filter(({ hits }) => hits[at].heading || hits[at].text || hits[at].code).length;
      return Math.log(1 + (sections.length - having + 0.5) / (having + 0.5));
    });
    const total = rare.reduce((sum, each) => sum + each, 0);
    const onPage = new Map();
    for (const { section, hits } of rows)
      onPage.set(section.page, (onPage.get(section.page) || 0) + hits.reduce((sum, hit) => sum + hit.text, 0));
    const phrase = units.length > 1 ? new RegExp(units.map((unit) => unit.source).join("[\\s-]*"), "g") : null;
    return rows.filter((row) => row.matched === most || row.matched === loud && loud === most - 1).map(({ section, hits }) => {
      const long = 0.4 + 0.6 * section.text.length / average;
      let score = 0;
      hits.forEach((hit, at) => {
        const weight = TITLE * hit.heading + PAGE * hit.above + hit.text + CODE * hit.code;
        score += rare[at] * 3 * weight / (weight + 2 * long);
        const { term } = units[at];                // a term is at home where it is introduced
        if (term && term.page === section.page.name) score += rare[at] * (
          !term.anchor || term.anchor === section.anchor || (!section.anchor && section.page.ids.includes(term.anchor)) ? 1.5 : 0.9);
      });
      if (phrase) score += total * (phrase.test(section.heading) ? 2 : 0) + total * (count(section.text, phrase) ? 1 : 0);
      const titles = section.page.weight < 1 ? [] : section.heading.split("\n").map((title) => (title.match(PIECE) || []).join(""));
      if (titles.includes(asked)) score += 2 * total;
      else if (NUMBER.test(asked) && titles.some((title) => /\D/.test(title) && title.endsWith(asked) && !/[\d.]/.test(title.at(-asked.length - 1)))) score += total;
      else if (titles.some((title) => title.startsWith(asked))) score += 0.7 * total;
      score += 0.3 * total * Math.log1p(onPage.get(section.page)) + (section.anchor ? 0 : 0.2 * total);
      return { section, score: score * section.page.weight * (AGAIN.test(section.anchor) ? 0.85 : 1) };
    }).sort((a, b) => b.score - a.score);
  }

  /* --- what is shown ------------------------------------------------------------------ */
  const make = (name, attributes = {}, ...children) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...children);
    return element;
  };
  const twin = (zh, en) => zh === en || !zh || !en ? [zh || en] : [
    make("span", { className: "zh", lang: TAG.zh }, zh), make("span", { className: "bi-sep" }, " | "),
    make("span", { className: "en", lang: TAG.en }, en)];

  function marked(text, regex, from, to) {
    const folded = fold(text), out = [];
    let at = from;
    for (const hit of folded.matchAll(regex)) {
      if (!hit[0] || hit.index < at || hit.index + hit[0].length > to) continue;
      out.push(text.slice(at, hit.index), make("mark", {}, text.slice(hit.index, hit.index + hit[0].length)));
      at = hit.index + hit[0].length;
    }
    return [...(from ? ["… "] : []), ...out, text.slice(at, to), ...(to < text.length ? [" …"] : [])];
  }
  /* The block with most of the units, from a little before the first of them. */
  function snippet(blocks, lang, units) {
    const regex = new RegExp(units.flatMap((unit) => unit.marks).join("|"), "g");
    const each = units.map((unit) => new RegExp(unit.marks.join("|")));
    let best = null;
    for (const block of blocks) {
      if (!block[lang]) continue;
      const folded = fold(block[lang]), worth = each.filter((unit) => unit.test(folded)).length;
      if (!best || worth > best.worth) best = { text: block[lang], worth, first: worth ? folded.search(regex) : 0 };
    }
    if (!best) return [];
    const room = lang === "zh" ? SNIPPET / 2 : SNIPPET;
    let from = best.text.length > room ? Math.max(0, best.first - room / 4) : 0;
    if (from && lang === "en") from = best.text.lastIndexOf(" ", from) + 1;
    let to = Math.min(best.text.length, from + room);
    if (to < best.text.length && lang === "en") to = Math.max(from + 1, best.text.lastIndexOf(" ", to));
    return marked(best.text, regex, from, to);
  }

  function result({ section }, units, asked, root) {
    const { page, anchor, title } = section, [zh, en] = page.sections[0][1];
    const number = page.number ? `${page.number} ` : "";
    const link = make("a", { href: root + page.url + (anchor ? `#${anchor}` : "") });
    if (title === page.sections[0][1]) link.append(number, ...twin(zh, en));
    else link.append(make("span", { className: "search-page" }, number, ...twin(zh, en)), " › ", ...twin(...title));
    const item = make("li", {}, make("h2", {}, link));
    const code = section.code.split("\n").find((line) => units.some((unit) => new RegExp(unit.source).test(fold(line))));
    const regex = units.map((unit) => new RegExp(unit.marks.join("|")));
    if (code && !regex.some((unit) => unit.test(section.text) || unit.test(section.heading)))
      item.append(make("p", {}, make("code", {}, code.trim())));
    else for (const lang of LANGS) {
      const text = snippet(section.blocks, lang, units);
      if (text.length) item.append(make("p", { className: `${lang}${lang === asked ? "" : " search-other"}`, lang: TAG[lang] }, ...text));
    }
    return item;
  }

  function show(query) {
    const status = document.getElementById("search-status"), list = document.getElementById("search-results");
    const root = document.documentElement.dataset.content_root || "./";
    const found = find(query), units = query.trim() ? parse(query) : [], asked = HAN.test(query) ? "zh" : "en";
    const n = found.length, first = n > SHOWN ? [`，显示前 ${SHOWN} 处`, `, the first ${SHOWN} shown`] : ["", ""];
    list.replaceChildren(...found.slice(0, SHOWN).map((each) => result(each, units, asked, root)));
    status.replaceChildren(...(!query.trim() ? [] : n
      ? twin(`找到 ${n} 处${first[0]}。`, `${n} place${n === 1 ? "" : "s"} found${first[1]}.`)
      : twin("没有找到。换一个词，或少写几个词试试。", "Nothing found. Try another word, or fewer words.")));
  }

  function start() {
    const form = document.getElementById("search-form");
    if (!form) return;
    const field = form.elements.q;
    const remember = () => {
      const url = new URL(location.href);
      url.searchParams.set("q", field.value);
      try { history.replaceState(null, "", url); } catch (error) { /* not on file:// in every browser */ }
    };
    let wait = 0, composing = false;               // half-typed pinyin is no query
    const soon = () => { clearTimeout(wait); if (!composing) wait = setTimeout(() => { show(field.value); remember(); }, 120); };
    field.addEventListener("compositionstart", () => { composing = true; });
    field.addEventListener("compositionend", () => { composing = false; soon(); });
    field.addEventListener("input", soon);
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(wait); show(field.value); remember(); });
    field.value = new URLSearchParams(location.search).get("q") || "";
    if (field.value) show(field.value);
    field.focus();
  }
  document.addEventListener("DOMContentLoaded", start);  // the index, deferred too, comes after this script
  return { load, find };
})();
