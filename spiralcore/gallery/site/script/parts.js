"use strict";
// Parts of the page: facts and arrays that arrive as scripts, as a page that is opened from disk
// may load scripts and nothing else. Each calls `spiral.parts.receive` with its name.

window.spiral = {};

spiral.parts = (() => {
  const arrived = new Map();
  const waiting = new Map();
  const over = new Set(); // scripts that have come, or have failed to
  const failures = new Map(); // how often a place has failed

  for (const kind of ["load", "error"]) {
    document.addEventListener(kind, ({ target }) => target.tagName === "SCRIPT" && over.add(target), true);
  }

  /**
   * Ask for the parts that the view is going to ask for first, as soon as the script of the page is
   * there, which puts it together while they come: the tag of this script tells their places.
   * Another network than the first comes later.
   */
  function early({ table, network } = {}, address) {
    const asks = /[#&](?!lang=|theme=|speed=|embed=|hide=)\w+=/.test(address);
    const view = /[#&]view=(\w+)/.exec(address)?.[1] ?? (asks ? "table" : "network");
    const places = { table, network: /[#&]net=/.test(address) ? "" : network }[view] ?? "";
    const ask = ({ target }) => {
      if (!target.defer) return;
      document.removeEventListener("load", ask, true);
      for (const place of places.split(" ").filter(Boolean)) {
        document.head.append(Object.assign(document.createElement("script"), { src: place, async: true }));
      }
    };
    document.addEventListener("load", ask, true);
  }

  function receive(name, value) {
    if (waiting.has(name)) waiting.get(name)(value);
    else arrived.set(name, value);
  }

  const packed = [];

  /** The same of facts that are packed: JSON, deflated, in base64. */
  function receivePacked(name, letters) {
    packed.push([name, letters]);
  }

  /** Unpack what came packed: a promise. */
  async function unpack() {
    for (const [name, letters] of packed.splice(0)) {
      const stream = new Blob([bytes([letters])]).stream().pipeThrough(new DecompressionStream("deflate"));
      arrived.set(name, JSON.parse(await new Response(stream).text()));
    }
  }

  /** Facts that came with the page. */
  function facts(name) {
    return arrived.get(name);
  }

  /** The value of a part, from a script that the page has come with or from one that is added. */
  function arrival(name, place) {
    const come = [...document.querySelectorAll("script")].find((one) => one.getAttribute("src") === place);
    if (arrived.has(name)) {
      const value = arrived.get(name);
      arrived.delete(name);
      come?.remove();
      return Promise.resolve(value);
    }
    return new Promise((resolve, reject) => {
      const early = come && !over.has(come);
      const script = early ? come : document.createElement("script");
      if (!early) come?.remove();
      const end = () => {
        waiting.delete(name);
        script.remove();
      };
      waiting.set(name, (value) => {
        end();
        resolve(value);
      });
      const fail = () => {
        if (!waiting.has(name)) return;
        end();
        failed(place);
        reject(new Error(`${place} could not be loaded.`));
      };
      script.onerror = fail;
      // A script that is cut off arrives, and says nothing.
      script.onload = fail;
      if (early) return;
      script.src = asked(place);
      document.head.append(script);
    });
  }

  function failed(place) {
    failures.set(place, (failures.get(place) ?? 0) + 1);
  }

  /** Where a place is asked for: once it has failed, not in what the browser keeps of that time. */
  function asked(place) {
    return failures.has(place) ? `${place}?again=${failures.get(place)}` : place;
  }

  const archives = new Map();

  /** The arrays of a part, loaded once: a promise. */
  function load(name) {
    if (!archives.has(name)) {
      const place = facts("manifest").parts[name];
      const opened = arrival(name, place).then(async (lines) => {
        try {
          return await spiral.archive.open(bytes(lines));
        } catch (error) {
          failed(place);
          throw new Error(`${place} is damaged: ${error.message}`);
        }
      });
      opened.catch(() => archives.delete(name));
      archives.set(name, opened);
    }
    return archives.get(name);
  }

  /** Forget a part, so that its memory can be used for another one. */
  function forget(name) {
    archives.delete(name);
  }

  /** Base64 in lines of a multiple of four letters. */
  function bytes(lines) {
    const texts = lines.map((line) => atob(line));
    const found = new Uint8Array(texts.reduce((sum, text) => sum + text.length, 0));
    let at = 0;
    for (const text of texts) {
      for (let i = 0; i < text.length; i++) found[at++] = text.charCodeAt(i);
    }
    return found;
  }

  /** A part that holds plain values, loaded when it is asked for: a promise. */
  async function loadFacts(name, place) {
    if (!arrived.has(name)) arrived.set(name, await arrival(name, place));
    return arrived.get(name);
  }

  early(document.currentScript?.dataset, location.hash);

  return { receive, receivePacked, unpack, facts, load, loadFacts, bytes, forget };
})();
