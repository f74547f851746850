"use strict";
// The view as a picture: its canvases twice as fine as they are on screen, and the words around them.

spiral.picture = (() => {
  const { byId } = spiral.dom;
  const RATIO = 2;
  const MARGIN = 24; // pixels of the page
  const HEAD = 56;
  const SHOWN = {
    table: ["#rows"],
    network: [".layer", "#beside", "#network .readings", "#network figure"],
    train: ["#train .large", "#train .readings", "#train figure"],
  };
  const LEFT_OUT = "button:not(.term), select, input, .hint, .trouble, .hidden, [hidden], #loading";

  /** A canvas with everything that is seen of a view; title and subtitle stand above it. */
  function compose(view, title, subtitle) {
    draw(RATIO);
    try {
      const parts = SHOWN[view].flatMap((one) => [...document.querySelectorAll(one)]).filter(isShown);
      const boxes = parts.map((part) => part.getBoundingClientRect());
      const left = Math.min(...boxes.map((box) => box.left)) - MARGIN;
      const top = Math.min(...boxes.map((box) => box.top)) - HEAD - MARGIN;
      const width = Math.max(...boxes.map((box) => box.right)) + MARGIN - left;
      const height = Math.max(...boxes.map((box) => box.bottom)) + MARGIN - top;
      const canvas = document.createElement("canvas");
      Object.assign(canvas, { width: Math.round(RATIO * width), height: Math.round(RATIO * height) });
      const brush = canvas.getContext("2d", { alpha: false });
      const { background, ink, faint } = spiral.theme.colours();
      brush.fillStyle = background;
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.setTransform(RATIO, 0, 0, RATIO, -RATIO * left, -RATIO * top);
      const family = getComputedStyle(document.body).fontFamily;
      brush.fillStyle = ink;
      brush.font = `600 24px ${family}`;
      brush.fillText(title, left + MARGIN, top + MARGIN + 16, width - 2 * MARGIN);
      brush.fillStyle = faint;
      brush.font = `16px ${family}`;
      brush.fillText(subtitle, left + MARGIN, top + MARGIN + 40, width - 2 * MARGIN);
      for (const part of parts) paint(brush, part);
      return canvas;
    } finally {
      draw(0);
    }
  }

  /** Draw everything again, so much finer than the page; 0 for as fine as the screen. */
  function draw(ratio) {
    spiral.panel.refine(ratio);
    for (const view of [spiral.table, spiral.shown, spiral.training]) view.renew();
    spiral.clock.tell();
  }

  function isShown(element) {
    return element.getClientRects().length > 0;
  }

  function paint(brush, part) {
    for (const canvas of part.querySelectorAll("canvas")) {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      if (width) brush.drawImage(canvas, left, top, width, height);
    }
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement.closest(LEFT_OUT) && isShown(node.parentElement)) words(brush, node);
    }
  }

  /** The words of a text where they stand on the page. */
  function words(brush, node) {
    const { fontStyle, fontWeight, fontSize, fontFamily, color } = getComputedStyle(node.parentElement);
    brush.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    brush.fillStyle = color;
    const range = document.createRange();
    for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const box = range.getBoundingClientRect();
      const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = brush.measureText(word);
      if (box.width) brush.fillText(word, box.left, box.top + (box.height - up - down) / 2 + up, box.width + 1);
    }
  }

  /** The view as PNG: a promise of a Blob. */
  function png(view, title, subtitle) {
    return new Promise((done) => compose(view, title, subtitle).toBlob(done, "image/png"));
  }

  return { compose, png };
})();
