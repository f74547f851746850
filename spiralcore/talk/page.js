"use strict";
// Films are in the page as text: a file by itself may not read others when it is opened from disk.
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const deck = document.querySelector(".reveal");
  const films = [...document.querySelectorAll("video[data-film]")];

  const bytes = (text) => Uint8Array.fromBase64
    ? Uint8Array.fromBase64(text)
    : Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  for (const film of films) {
    const source = document.getElementById(film.dataset.film);
    const file = new Blob([bytes(source.textContent)], { type: source.dataset.type });
    source.remove();
    // reveal.js loads what is near, and plays what has this mark when its slide is entered.
    film.dataset.src = URL.createObjectURL(file);
    film.muted = true;
    film.controls = calm;
    if (!calm) film.dataset.autoplay = "";
    // With its bar, a film answers to clicks by itself.
    film.addEventListener("click", () => { if (!film.controls) toggle(film); });
    // A film that was stopped by hand has its bar, to go to another time.
    film.addEventListener("play", () => { film.controls = calm; });
  }

  function toggle(film) {
    if (film.paused) film.play();
    else {
      film.pause();
      film.controls = true;
    }
  }

  function showArrows() {
    deck.classList.add("awake");
    clearTimeout(showArrows.timer);
    showArrows.timer = setTimeout(() => deck.classList.remove("awake"), 2500);
  }
  for (const kind of ["pointermove", "pointerdown"]) addEventListener(kind, showArrows);

  Reveal.initialize({
    // Slides as large as the window: films fit themselves in, to the pixel.
    width: "100%",
    height: "100%",
    margin: 0,
    center: false,
    hash: true,
    hashOneBasedIndex: true,
    progress: false,
    controlsTutorial: false,
    controlsLayout: "edges",
    transition: "none",
    viewDistance: 2,
    mobileViewDistance: 2,
    scrollActivationWidth: null,
    postMessage: false,
    keyboard: {
      13: () => { for (const film of Reveal.getCurrentSlide().querySelectorAll("video")) toggle(film); },
      83: openNotes,
    },
  });
  Reveal.on("slidechanged", ({ previousSlide }) => {
    // The poster comes back, so that the next entry begins with it.
    for (const film of previousSlide?.querySelectorAll("video") ?? []) film.load();
    tell();
  });

  // The speaker's window.

  let speaker = null;
  let started = 0;

  function openNotes() {
    if (speaker && !speaker.closed) return speaker.focus();
    speaker = open("", "spiralcore-notes", "width=960,height=720");
    if (!speaker) return;
    started = Date.now();
    const page = speaker.document;
    page.title = `Notes: ${document.title}`;
    page.documentElement.lang = "en";
    page.body.replaceChildren();
    style(page.body, { margin: "0", padding: "24px", background: "#16191d", color: "#eceff3",
      font: "20px/1.45 system-ui, sans-serif" });
    const side = part("side", { float: "right", width: "28%", margin: "0 0 16px 24px",
      color: "#9aa4b0", fontSize: "16px" });
    part("time", { color: "#9aa4b0", fontVariantNumeric: "tabular-nums" });
    part("title", { font: "600 28px/1.3 system-ui, sans-serif", margin: "8px 0 16px" });
    part("notes", { whiteSpace: "pre-line", maxWidth: "70ch" });
    const poster = page.createElement("img");
    poster.id = "poster";
    style(poster, { width: "100%" });
    const next = page.createElement("div");
    next.id = "next";
    side.append(poster, next);
    speaker.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, n: 1,
        ArrowLeft: -1, ArrowUp: -1, PageUp: -1, p: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      if (step > 0) Reveal.next();
      else Reveal.prev();
    });
    setInterval(tellTime, 500);
    tell();

    function part(id, looks) {
      const element = page.createElement("div");
      element.id = id;
      style(element, looks);
      page.body.append(element);
      return element;
    }
  }

  // Not by attributes: the policy of the page forbids them.
  function style(element, looks) {
    Object.assign(element.style, looks);
  }

  function tell() {
    if (!speaker || speaker.closed) return;
    const slides = Reveal.getSlides();
    const now = Reveal.getCurrentSlide();
    const next = slides[slides.indexOf(now) + 1];
    const at = (id) => speaker.document.getElementById(id);
    at("title").textContent = now.querySelector("h2").textContent;
    at("notes").textContent = now.querySelector("aside").textContent;
    at("next").textContent = next ? `Next: ${next.querySelector("h2").textContent}` : "The last slide";
    style(at("poster"), { display: next ? "block" : "none" });
    at("poster").alt = next ? next.querySelector("h2").textContent : "";
    if (next) at("poster").src = next.querySelector("video").poster;
    tellTime();
  }

  function tellTime() {
    if (!speaker || speaker.closed) return;
    const film = Reveal.getCurrentSlide().querySelector("video");
    const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
    speaker.document.getElementById("time").textContent =
      `film ${clock(film.currentTime)} of ${clock(film.duration || 0)}, ` +
      `talk ${clock((Date.now() - started) / 1000)}`;
  }
})();
