"use strict";
// Points of the reader's own: set by pointer or keys into the data, or from a table.

spiral.given = (() => {
  const { byId, element } = spiral.dom;
  const { Refusal, quoted, count } = spiral.refusal;
  const { text } = spiral.words;
  const STEP = 1 / 20; // of half the panel, for arrows
  const APART = 6; // pixels between points of one stroke
  let scene = null;
  let mark = null;
  let from = null;

  /** `added(point)`, `cleared()`, `taken(points)` are called with what the reader gives. */
  function build({ added, cleared, taken, refused, moved }) {
    const canvas = byId("train-inputs");
    const set = (event) => {
      const box = canvas.getBoundingClientRect();
      const place = [event.clientX - box.left, event.clientY - box.top];
      if (from && Math.hypot(place[0] - from[0], place[1] - from[1]) < APART) return;
      from = place;
      const scale = (2 * scene.reach) / box.width;
      added({ x: place[0] * scale - scene.reach, y: scene.reach - place[1] * scale, label: label() });
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || !scene) return;
      from = null;
      canvas.setPointerCapture(event.pointerId);
      set(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (from && canvas.hasPointerCapture(event.pointerId)) set(event);
    });
    canvas.addEventListener("pointerup", () => (from = null));
    canvas.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if ((!way && event.key !== "Enter") || !scene) return;
      event.preventDefault();
      mark ??= { x: 0, y: 0 };
      if (way) {
        const held = (value) => Math.min(Math.max(value, -scene.reach), scene.reach);
        const step = scene.reach * STEP * (event.shiftKey ? 4 : 1);
        mark = { x: held(mark.x + way[0] * step), y: held(mark.y + way[1] * step) };
      } else {
        added({ ...mark, label: label() });
      }
      moved(mark);
    });
    canvas.addEventListener("blur", () => moved((mark = null)));
    byId("train-clear").addEventListener("click", cleared);
    byId("train-table").addEventListener("change", async (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) await open(file, taken, refused);
    });
  }

  /** Read a table and hand its points on, or say what is wrong with it. */
  async function open(file, taken, refused) {
    try {
      taken(table(file.name, await file.text()));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused(error);
    }
  }

  function label() {
    return Number(byId("train-class").value || 0);
  }

  /** Show how many classes there are, and take over the plane of the data. */
  function show(shown) {
    scene = shown;
    const list = byId("train-class");
    if (list.options.length === shown.classes) return;
    const before = list.value;
    list.replaceChildren(...Array.from({ length: shown.classes }, (_, k) => element("option", { value: String(k) }, String(k + 1))));
    if (Number(before) < shown.classes && before !== "") list.value = before;
  }

  /** {inputs, labels, classes} of a table with the columns x, y and label. */
  function table(name, written) {
    const lines = written.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).filter((line) => line.trim() && !line.startsWith("#"));
    const parted = (lines[0] ?? "").includes("\t") ? "\t" : (lines[0] ?? "").includes(";") ? ";" : ",";
    const cells = lines.map((line) => line.split(parted).map((cell) => cell.trim().replace(/^([\x22\x27])(.*)\1$/, "$2")));
    const head = (cells.shift() ?? []).map((cell) => cell.toLowerCase());
    const columns = ["x", "y", "label"].map((column) => head.indexOf(column));
    if (columns.includes(-1)) {
      const v = head.map(quoted).join(", ").slice(0, 200);
      const found = head[0] ? text("{name} has the columns {v}.", { name, v }) : text("{name} has no columns.", { name });
      throw new Refusal(found, text("a table with the columns x, y and label in its first line."));
    }
    const [fewest, most] = spiral.choices.facts().classes;
    const names = [...new Set(cells.map((row) => row[columns[2]] ?? ""))].sort(byNumber);
    if (names.length < fewest || names.length > most) {
      throw new Refusal(text("{name} has {n} labels.", { name, n: names.length }), text("{n} to {m} classes.", { n: fewest, m: most }));
    }
    const limit = spiral.choices.facts().most_points;
    if (cells.length > limit) {
      const found = text("{name} has {n} points.", { name, n: count(cells.length) });
      throw new Refusal(found, text("at most {n} points.", { n: count(limit) }), `spiral train --data ${spiral.refusal.typed(name)}`);
    }
    const inputs = cells.flatMap((row, i) =>
      columns.slice(0, 2).map((column) => {
        const value = row[column] ? Number(row[column]) : NaN;
        if (!(Math.abs(value) < 1e6)) {
          const v = quoted((row[column] ?? "").slice(0, 40));
          throw new Refusal(text("{name}, point {n}: found {v}.", { name, n: i + 1, v }), text("a number below 1,000,000."));
        }
        return value;
      }),
    );
    return { inputs, labels: cells.map((row) => names.indexOf(row[columns[2]] ?? "")), classes: names.length };
  }

  /** Numbers by their size, other labels by their letters. */
  function byNumber(one, other) {
    const [a, b] = [Number(one), Number(other)];
    if (one !== "" && other !== "" && Number.isFinite(a) && Number.isFinite(b) && a !== b) return a - b;
    return one < other ? -1 : one > other ? 1 : 0;
  }

  /** Points as such a table. */
  function csv({ inputs, labels }) {
    const rows = Array.from(labels, (label, n) => `${inputs[2 * n]},${inputs[2 * n + 1]},${label}`);
    return ["x,y,label", ...rows, ""].join("\n");
  }

  return { build, show, open, csv };
})();
