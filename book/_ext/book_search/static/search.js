/* Search in Chinese and English: `BookSearch.find(query)` ranks the sections, the rest shows them.

   A query is cut into units: a term of the book with its synonyms, a run of Chinese characters,
   an English word in all its forms. A section is worth more the more of the units it has, the
   rarer they are, and the better its heading says them: see `find`. The texts are searched as they
   are: a megabyte takes milliseconds. */
"use strict";
const BookSearch = (() => {
  const LANGS = ["zh", "en"], TAG = { zh: "zh-CN", en: "en" };
  const HAN = /[\u3400-\u9fff]/;
  const PIECE = /[\u3400-\u9fff]+|[\u0370-\u03ff]|[a-z0-9_\u00c0-\u024f]+(?:\.[a-z0-9_]+)*/g;   // a Greek letter is a name
  const WORD = /[a-z0-9_\u00c0-\u024f]+/g;
  const NUMBER = /^\d+(?:\.\d+)*$/;                // of a section, a figure, a theorem, an equation
  const PARTICLES = /(?:为什么|是什么|什么是|什么时候|有什么|怎么样|怎么|如何|怎样|什么|有哪些|哪些|怎么办|区别|关系|问题|以及|[的了和与是在吗呢及])+/;
  const SHOWN = 40, SNIPPET = 150;
  /* Worth of a unit by the place where it stands. */
  const TEXT = 3, CODE = 0.5;                      // at most, however often; code counts half
  const TITLE = 1.5, PAGE = 1, HOME = 1.3;         // in the heading, in those over it, where the term is introduced
  const FITS = 3, EXACT = 2.5, AFTER = 1.5;        // a heading that says nothing else; more if it is the query; less if it says that last
  const RARE = 3.5, TERM = 1.3;                    // a word, at most; how much more a term of the book
  const PHRASE = 1.5, SPREAD = 0.3, TOP = 0.4;     // units side by side; on a page that is full of them; a page itself
  const NAME = 0.6, AGAIN = 0.7;                   // what the package calls so; a section that only sums up
  const LEAST = 0.5;                               // of the units that the best section has
  const LONG = 10;                                 // letters of a word that may have two slips
  const SUMS_UP = /\b(?:summary|exercises)$/;
  const GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - sigma tau upsilon phi chi psi omega".split(" ");
  /* What the index calls a numbered thing, and how one may ask for it. */
  const NAMES = [["fig", "fig(?:ure|s)?"], ["equation", "equation|eqn?s?"], ["exercise", "ex(?:ercise)?"], ["theorem", "thm"],
    ["section", "section|sec|chapter|§|第"], ["式", "公式|方程"], ["练习", "习题"]].map(([name, words]) =>
    [name, new RegExp(`(?<![a-z])(?:${words})\\.?(?= *\\(?\\d)`, "g")]);
  let sections = [], terms = [], stopwords = new Set(), traditional = new Map(), words = [], forms = new Map(), book = "", stemmer, average = 1;

  /* Variants of a character are one character; a place in the result is the same in the text. */
  const fold = (text) => text
    .replace(/[\u00aa-\u024f\u02b0-\u02e3\u1d2c-\u1d6a\u2070-\u209c\uff01-\uff5e]/g, (c) => c.normalize("NFKD")[0])
    .replace(/[\u2018\u2019\u2032]/g, "'").replace(/[\u2010-\u2015\u2212]/g, "-").replace(/[\u00a0\u3000]/g, " ")
    .replace(/[A-Z]/g, (c) => c.toLowerCase());
  /* A query as the book would write it. */
  const named = (query) => NAMES.reduce((text, [name, asked]) => text.replace(asked, `${name} `),
    fold(query).replace(/[\u4e00-\u9fff]/g, (c) => traditional.get(c) || c));
  const stem = (word) => stemmer.stemWord(word);
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const whole = (source) => `(?<![a-z0-9_])(?:${source})(?![a-z0-9_])`;
  const count = (text, regex) => (text.match(regex) || []).length;

  function load(index) {
    stopwords = new Set(index.stopwords);
    traditional = new Map(index.traditional.map((pair) => [...pair]));
    const blocksOf = index.zh.map((zh, at) => ({ zh, en: index.en[at] === 0 ? zh : index.en[at] })).values(), codes = index.code.values();
    sections = index.pages.flatMap((page) => page.sections.map(([anchor, title, length, names = []]) => ({
      anchor, title, names, page, code: codes.next().value,
      blocks: Array.from({ length }, () => blocksOf.next().value),
    })));
    for (const section of sections) Object.assign(section, {
      heading: fold([...section.title, ...section.names, ...section.names.filter((name) => NUMBER.test(name)).map((name) => `section ${name}`)].join("\n")),
      text: fold(section.blocks.flatMap(({ zh, en }) => zh === en ? [zh] : [zh, en]).join("\n")),
      symbols: fold(section.code),
    });
    const over = [];                               // the headings that a section stands under
    for (const section of sections) {
      const number = NUMBER.test(section.names[0]) ? section.names[0] : "";
      while (over.length && (over[0].page !== section.page || over.length > 1 && number && !number.startsWith(`${over.at(-1).names[0]}.`))) over.pop();
      section.above = over.map((each) => fold(each.title.join("\n"))).join("\n");
      if (number || !over.length) over.push(section);
    }
    average = sections.reduce((sum, each) => sum + each.text.length, 0) / (sections.length || 1);
    terms = index.terms;
  }

  /* Once, before the first query: the words of the book by their stem. */
  function prepare() {
    if (stemmer) return;
    stemmer = new Stemmer();
    book = sections.map((each) => `${each.heading}\n${each.text}\n${each.symbols}`).join("\n");
    words = [...new Set(book.match(WORD))];
    for (const word of words) {
      const key = stem(word);
      if (forms.has(key)) forms.get(key).push(word); else forms.set(key, [word]);
    }
    const alike = new Map();                       // a heading that many pages have, such as 小结, names none of them
    for (const { title: [title], page } of sections) if (page.weight === 1) alike.set(title, (alike.get(title) || 0) + 1);
    for (const section of sections) section.titles = section.heading.split("\n").map((text, at) => {
      const pieces = text.match(PIECE) || [], length = pieces.filter((piece) => !stopwords.has(piece)).join("").length || 1;
      return { text, length, alike: at < 2 && alike.get(section.title[0]) || 1,
        joined: section.page.weight === 1 && pieces.join("") };
    });
    for (const term of terms) {
      term.stems = term.en.map((word) => (fold(word).match(WORD) || []).map(stem).join(" "));
      term.runs = term.zh.map(fold).filter((word) => HAN.test(word));
    }
  }

  const beginning = (start) => words.filter((word) => word.startsWith(start));
  /* Whether so many slips make them equal: a letter more, less, another, or two changed places. */
  function near(a, b, slips = 1) {
    if (Math.abs(a.length - b.length) > slips) return false;
    let at = 0, end = 0;
    while (at < a.length && a[at] === b[at]) at += 1;
    while (end < Math.min(a.length, b.length) - at && a.at(-1 - end) === b.at(-1 - end)) end += 1;
    const [x, y] = [a, b].map((word) => word.slice(at, word.length - end));
    if (!x && !y || !slips) return !x && !y;
    const swapped = x[0] === y[1] && x[1] === y[0];
    return [[1, 1], [1, 0], [0, 1], ...(swapped ? [[2, 2]] : [])]
      .some(([inX, inY]) => near(x.slice(inX), y.slice(inY), slips - 1));
  }
  /* A word as the book spells it: of those with the fewest slips the one with most forms. */
  function spelled(word) {
    if (word.length < 6 || /[\d.]/.test(word) || forms.has(stem(word)) || beginning(word).length) return word;
    const used = (each) => forms.get(stem(each)).length;
    for (const slips of word.length < LONG ? [1] : [1, 2]) {
      const close = words.filter((each) => near(word, each, slips)).sort((a, b) => used(b) - used(a));
      if (close.length) return close[0];
    }
    return word;
  }
  /* An English word in all forms that the book uses; else every word that begins so. */
  function wordSource(word) {
    if (GREEK.includes(word)) return whole(`${word}|${String.fromCharCode(0x3b1 + GREEK.indexOf(word))}`);
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
  const anyOf = (alternatives) => new RegExp(alternatives.map((each) => each.source).join("|"));

  function termUnit(term, own, sources) {
    const others = LANGS.flatMap((lang) => term[lang]).filter((word) => HAN.test(word) === HAN.test(own) && fold(word) !== own);
    const alternatives = [alternative(sources.join("[\\s-]+"), 1), ...others.map((word) => alternative(termSource(word), 0.7))];
    if (sources.length > 1) alternatives.push(scattered(sources, 0.3));
    const twins = LANGS.flatMap((lang) => term[lang]).map(termSource);
    return { source: sources.join("[\\s-]+"), alternatives, regex: anyOf(alternatives), term, about: term, marks: [...sources, ...twins] };
  }
  /* A word that is part of one term only, such as Kaiming, is about that term. */
  function plainUnit(source, more = []) {
    const alternatives = [alternative(source, 1), ...more], regex = new RegExp(source);
    const about = terms.filter((term) => [...term.zh, ...term.en].some((word) => regex.test(fold(word))));
    return { source, alternatives, regex: anyOf(alternatives), about: about.length === 1 ? about[0] : null, marks: alternatives.map((each) => each.source) };
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
    return run.split(PARTICLES).filter((piece) => piece.length > 1).flatMap((piece) => {
      if (book.includes(piece)) return [plainUnit(escaped(piece))];
      for (const term of piece.length > 2 ? terms : []) for (const word of term.runs)
        if (near(piece, word)) return [termUnit(term, word, [escaped(word)])];
      return cut(piece).map((part) => plainUnit(escaped(part)));
    });
  }
  /* What does not stand in the book, as the longest parts that do. */
  function cut(piece) {
    const found = [];
    for (let at = 0; at < piece.length;) {
      let end = piece.length;
      while (end > at + 1 && !book.includes(piece.slice(at, end))) end -= 1;
      if (end > at + 1) found.push(piece.slice(at, end));
      at = end;
    }
    return found;
  }

  function latinUnits(typed) {
    const words = typed.map(spelled), units = [];
    for (let at = 0; at < words.length;) {
      let taken = null;
      for (let end = words.length; end > at && !taken; end -= 1) {
        const key = words.slice(at, end).map(stem).join(" ");
        const joined = words.slice(at, end).join("");
        const term = terms.find((each) => each.stems.some((stems) => stems === key || stems.replace(/ /g, "") === key));
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

  /* A formula, with or without its spaces, its accents and the sign of a product. */
  function formulaSource(query) {
    const signs = [...query.replace(/\|\|/g, "‖").replace(/[\s^_]/g, "")];
    return signs.map((sign) => /[*·×]/.test(sign) ? "[*·×]?" : escaped(sign)).join("[\\s\u0300-\u036f_^]*");
  }
  const isKnown = (name) => forms.has(stem(name)) || beginning(name).length || spelled(name) !== name || book.includes(name);
  /* Of a name that the book has not, what follows its last dot (model.eval), cut into words (DropoutScratch). */
  const taken = (query) => query.replace(/[A-Za-z]\w*(?:\.\w+)*/g, (name) => isKnown(fold(name)) ? name
    : name.replace(/^.*\./, "").replace(/([a-z0-9])(?=[A-Z])/g, "$1 "));

  function parse(query) {
    let asked = named(taken(query));
    if (/[=+*/^<>|()]/.test(asked) && asked.match(PIECE)?.length > 1) {
      const source = formulaSource(asked);
      if (new RegExp(source).test(book)) return [plainUnit(source)];
    }
    const units = [], latin = [], mixed = terms.flatMap((term) => term.runs.filter((word) => /[a-z]/.test(word)).map((word) => [term, word]));
    for (const [term, word] of mixed) {            // He 初始化, with or without the space
      const source = termSource(word);
      if (!new RegExp(source).test(asked)) continue;
      units.push(termUnit(term, word, [source]));
      asked = asked.replace(new RegExp(source), " ");
    }
    const pieces = asked.match(PIECE) || [], kept = pieces.filter((piece) => !stopwords.has(piece));
    for (const piece of kept.length ? kept : pieces) {
      if (!HAN.test(piece)) { latin.push(piece); continue; }
      units.push(...latinUnits(latin.splice(0)), ...hanUnits(piece));
    }
    units.push(...latinUnits(latin));
    if (units.length) return units;
    const signs = pieces.join("") || asked.trim(); // nothing but signs, such as ∇, or but particles
    return signs ? [plainUnit(escaped(signs))] : [];
  }

  /* How much of a heading is asked for, times how much of the query it answers. */
  function fits({ text, joined, length, alike }, name, units, rare, total) {
    if (joined === name) return EXACT / alike;
    let covered = 0, answered = 0, first = false;
    units.forEach(({ regex }, at) => {
      const [hit] = text.match(regex) || [];
      if (hit) { covered += hit.replace(/[\s-]/g, "").length; answered += rare[at]; first ||= text.startsWith(hit); }
    });
    return Math.min(1, covered / length) ** (first ? 1 : AFTER) * (answered / total) ** 2 / alike;
  }

  function hitsOf(section, { alternatives, about }) {
    const most = (text) => alternatives.reduce((best, each) => Math.max(best, each.count(text)), 0);
    const here = about && about.page === section.page.name;
    const home = here && [section.anchor, ...(section.anchor ? [] : section.page.ids)].includes(about.anchor);
    const text = most(section.text) + CODE * (section.symbols && most(section.symbols)), heading = Math.min(most(section.heading), 1);
    return { text, heading, above: here ? 1 : Math.min(most(section.above), 1), home, own: text || heading || home };
  }

  /* The sections that hold most of the query, best first: [{section, score}]. */
  function find(query) {
    prepare();
    const units = parse(query);
    if (!units.length) return [];
    const rows = sections.map((section) => ({ section, hits: units.map((unit) => hitsOf(section, unit)) }))
      .filter(({ hits }) => hits.some((hit) => hit.own));
    const rare = units.map(({ term }, at) => {
      const having = rows.filter(({ hits }) => hits[at].own).length;
      return Math.min(RARE, Math.log(1 + sections.length / (having + 0.5))) * (term ? TERM : 1);
    });
    const total = rare.reduce((sum, each) => sum + each, 0);
    const onPage = new Map();
    for (const { section, hits } of rows)
      onPage.set(section.page, (onPage.get(section.page) || 0) + hits.reduce((sum, hit) => sum + hit.text, 0));
    const phrase = units.length > 1 ? new RegExp(units.map((unit) => unit.source).join("[\\s-]*"), "g") : null;
    /* A name of the package is loud if nothing in the text is called so: fit, but not dropout. */
    const loud = rows.filter(({ section }) => section.page.weight === 1);
    const name = (named(taken(query)).match(PIECE) || []).join("");
    const isName = !units[0].term && !loud.some(({ section }) => section.titles.some(({ text }) => text.startsWith(name)));
    const weightOf = ({ page, anchor, title, titles }, hits) => {
      if (isName && anchor.includes(".") && titles[0].text.split(".").at(-1) === name)
        return name.includes("_") || !query.trim().endsWith(title[0]) ? NAME : 1;
      return !anchor && hits.every((hit) => hit.heading) ? 1 : page.weight;
    };
    for (const row of rows) {
      const { section, hits } = row, long = 0.4 + 0.6 * section.text.length / average;
      row.share = hits.reduce((sum, { own, above }, at) => sum + (own || above ? rare[at] : 0), 0) / total;
      row.score = hits.reduce((sum, { text, heading, above, home }, at) => sum + rare[at] * (
        TITLE * heading + PAGE * above + (home ? HOME * (1 + heading) : 0) + TEXT * text / (text + 2 * long)), 0);
      if (phrase && count(section.text, phrase)) row.score += PHRASE * total;
      if (hits.some((hit) => hit.heading)) row.score += FITS * total * Math.max(...section.titles.map((title) => fits(title, name, units, rare, total)));
      row.score += total * (SPREAD * Math.log1p(onPage.get(section.page)) + (section.anchor ? 0 : TOP));
      row.score *= row.share ** 2 * weightOf(section, hits) * (SUMS_UP.test(section.anchor) ? AGAIN : 1);
    }
    const most = Math.max(0, ...(loud.length ? loud : rows).map((row) => row.share));
    return rows.filter((row) => row.share >= LEAST * most).sort((a, b) => b.score - a.score);
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
    const inWord = (at) => at > 0 && /^[\w'’-]{2}$/.test(best.text.slice(at - 1, at + 1));
    let from = best.text.length > room ? Math.max(0, Math.floor(best.first - room / 4)) : 0;
    while (inWord(from)) from -= 1;
    let to = Math.min(best.text.length, from + room);
    while (inWord(to)) to -= 1;
    return marked(best.text, regex, from, to);
  }

  function result({ section }, units, asked, root) {
    const { page, anchor, title } = section, [zh, en] = page.sections[0][1];
    const number = page.number ? `${page.number} ` : "";
    const link = make("a", { href: root + page.url + (anchor ? `#${anchor}` : "") });
    if (title === page.sections[0][1]) link.append(number, ...twin(zh, en));
    else link.append(make("span", { className: "search-page" }, number, ...twin(zh, en)), " › ", ...twin(...title));
    const item = make("li", {}, make("h2", {}, link));
    const regex = units.map((unit) => new RegExp(unit.marks.join("|")));
    const lines = section.code.split("\n").map((line) => line.trim()).filter((line) => regex.some((unit) => unit.test(fold(line))));
    if (lines.length && !regex.some((unit) => unit.test(section.text) || unit.test(section.heading))) {
      const line = lines.reduce((longest, each) => each.length > longest.length ? each : longest);   // a bare import says little
      item.append(make("p", {}, make("code", {}, ...marked(line, new RegExp(units.flatMap((unit) => unit.marks).join("|"), "g"), 0, line.length))));
    }
    else for (const lang of LANGS) {
      const text = snippet(section.blocks, lang, units);
      if (text.length) item.append(make("p", { className: `${lang}${lang === asked ? "" : " search-other"}`, lang: TAG[lang] }, ...text));
    }
    return item;
  }

  const HINT = () => twin("可以搜词、编号（定理 3.5）、函数名（fit）和公式。", "Search for words, numbers (Theorem 3.5), names of functions (fit) and formulas.");

  function show(query) {
    const status = document.getElementById("search-status"), list = document.getElementById("search-results");
    const root = document.documentElement.dataset.content_root || "./";
    const found = find(query), units = query.trim() ? parse(query) : [], asked = HAN.test(query) ? "zh" : "en";
    const n = found.length, first = n > SHOWN ? [`，显示前 ${SHOWN} 处`, `, the first ${SHOWN} shown`] : ["", ""];
    list.replaceChildren(...found.slice(0, SHOWN).map((each) => result(each, units, asked, root)));
    status.replaceChildren(...(!query.trim() ? HINT() : n
      ? twin(`找到 ${n} 处${first[0]}。`, `${n} place${n === 1 ? "" : "s"} found${first[1]}.`)
      : [...twin("没有找到。换一个词，或少写几个词试试。", "Nothing found. Try another word, or fewer words."), " ", ...HINT()]));
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
    show(field.value);
    field.focus();
  }
  document.addEventListener("DOMContentLoaded", start);  // the index, deferred too, comes after this script
  return { load, find };
})();
