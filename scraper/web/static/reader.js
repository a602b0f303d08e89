// Two comforts of the reader: keys, and headlines that break between words. Every page works without.
"use strict";

const STEPS = { j: 1, k: -1 };

function step(by) {
  const links = [...document.querySelectorAll(".hits h2 a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const keys = document.getElementById("keys");
  if (event.key === "/") {
    const field = document.querySelector("input[type=search]");
    if (field) { field.focus(); field.select(); } else { location.assign("/"); }
  } else if (event.key === "?") {
    if (keys.open) { keys.close(); } else { keys.showModal(); }
  } else if (event.key in STEPS && !keys.open) {
    step(STEPS[event.key]);
  } else {
    return;
  }
  event.preventDefault();
}

// A browser breaks Chinese between any two characters; here only where a word ends and another begins.
function breakBetweenWords(headline, segmenter) {
  const texts = document.createTreeWalker(headline, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) found.push(texts.currentNode);
  for (const text of found) {
    const pieces = document.createDocumentFragment();
    let follows = false;
    for (const { segment, isWordLike } of segmenter.segment(text.data)) {
      if (follows && isWordLike) pieces.append(document.createElement("wbr"));
      pieces.append(segment);
      follows = isWordLike;
    }
    text.replaceWith(pieces);
  }
  headline.classList.add("worded");
}

document.addEventListener("keydown", pressed);
if (typeof Intl.Segmenter === "function") {
  const segmenter = new Intl.Segmenter("zh", { granularity: "word" });
  for (const headline of document.querySelectorAll("h1[lang=zh], h2 > [lang=zh], .release h1")) {
    breakBetweenWords(headline, segmenter);
  }
}
