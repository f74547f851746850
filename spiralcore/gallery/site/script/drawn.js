"use strict";
// A network, large, on the canvases of the explorer, wherever its numbers come from: see `stage.js`
// and `standin.js`, which know where its points are.

spiral.drawn = (() => {
  const { byId } = spiral.dom;
  const RADIUS = 3.8; // of points in a panel that is 640 wide, for up to 1,400 of them
  const NEAR = 16;

  class Drawn {
    /**
     * @param path {network, space, classes, points, labels, targets, order, inputs, reach}
     * @param timeline
     */
    constructor(path, timeline) {
      this.path = path;
      this.timeline = timeline;
      this.stillKey = "";
      this.canvas = byId("layer");
      this.places = new Float32Array(2 * path.points);
      // What the large panel shows, for the words below it.
      this.shows = { layer: true, regions: false, paths: true };
    }

    /** Radius of the points in a canvas of some width on screen, in its pixels. */
    radius(width, pixel) {
      const crowd = Math.min(Math.max(Math.sqrt(1400 / this.path.points), 0.4), 1.4);
      return Math.max(RADIUS * (width / 640) ** 0.6 * crowd, 1.2) * pixel;
    }

    /**
     * Draw everything.
     *
     * @param settings {regions, followed: points with their path, hovered: a point or -1}
     */
    draw(second, settings) {
      this.seek(second);
      this.data(second, settings);
      this.layer(second, settings);
      this.loss(second);
    }

    layer(second, settings) {
      const { panel } = spiral;
      if (this.isFirst() && spiral.turning.on(this.path)) return spiral.turning.draw(this, second, settings);
      if (this.isFirst() && spiral.layering.on(this.path)) return spiral.layering.draw(this, second, settings);
      const { canvas } = this;
      const width = panel.widthOf(canvas);
      const side = panel.fitted(canvas);
      const pixel = side / width;
      const brush = panel.context(canvas);
      const { path, places } = this;
      const { limits, rise } = this.frame(second);
      const at = panel.plane(side, limits, rise, path.space);
      this.at = at;
      panel.background(brush, side);
      const share = path.inputs ? spiral.carrying.share() : 1;
      const regions = Boolean(settings.regions && path.network.readout);
      this.shows = { layer: share === 1, regions: regions && share === 1, paths: share === 1 };
      if (regions) panel.regions(brush, at, this.readout(), 1.6 * pixel);
      panel.frame(brush, at, 1.4 * pixel, 13 * pixel);
      this.put(at);
      if (share < 1) this.carry(brush, side, share, settings);
      else spiral.borderHistogram.draw(brush, at, places, path);
      const radius = this.radius(width, pixel);
      panel.points(brush, side, places, path, radius);
      if (share === 1) for (const point of shown(settings)) this.trail(brush, at, point, second, 1.8 * pixel);
      if (this.isFirst()) spiral.pointers.draw(at, places, regions ? this.readout() : null, share);
      const inks = spiral.inks.of(path);
      for (const point of shown(settings)) {
        const [x, y] = [places[2 * point], places[2 * point + 1]];
        brush.beginPath();
        brush.arc(x, y, radius, 0, 2 * Math.PI);
        brush.fillStyle = inks.colour(inks.codes[point]);
        brush.fill();
        spiral.inputs.mark(brush, inks.mark(inks.codes[point]), x, y, radius);
        spiral.trails.ring(brush, x, y, radius + 2.5 * pixel, pixel);
      }
    }

    /** Whether it is the network that the page is about, and not one beside it. */
    isFirst() {
      return this.canvas.id === "layer";
    }

    /** Bring the points a part of the way from the data into the layer, over a mixture of both planes. */
    carry(brush, side, share, settings) {
      const { places } = this;
      brush.save();
      brush.globalAlpha = 1 - share;
      if (settings.regions && this.behind && this.isFirst()) brush.drawImage(byId("data"), 0, 0, side, side);
      else spiral.panel.background(brush, side);
      brush.restore();
      for (let point = 0; point < this.path.points; point++) {
        const [x, y] = this.inputPlace(point, side);
        places[2 * point] = x + share * (places[2 * point] - x);
        places[2 * point + 1] = y + share * (places[2 * point + 1] - y);
      }
    }

    data(second, settings) {
      const { path } = this;
      if (!path.inputs) return;
      const below = byId("data");
      const side = spiral.panel.fitted(below, true);
      const brush = spiral.panel.context(below);
      if (settings.regions && this.behind) {
        if (this.image?.width !== side) this.image = brush.createImageData(side, side);
        this.behind(this.image, second);
        brush.putImageData(this.image, 0, 0);
      } else {
        spiral.panel.background(brush, side);
      }
      this.still();
      this.marks(settings);
      spiral.panel.flatten(brush, byId("points"), byId("chosen"));
    }

    still() {
      const canvas = byId("points");
      const side = spiral.panel.fitted(canvas);
      const key = `${side} ${spiral.theme.name()}`;
      if (key === this.stillKey) return;
      this.stillKey = key;
      const width = spiral.panel.widthOf(canvas);
      const radius = 0.8 * this.radius(width, side / width);
      spiral.inputs.draw(spiral.panel.clear(canvas), side, this.path, radius);
    }

    marks(settings) {
      const canvas = byId("chosen");
      const side = spiral.panel.fitted(canvas);
      const width = spiral.panel.widthOf(canvas);
      const pixel = side / width;
      const brush = spiral.panel.clear(canvas);
      brush.clearRect(0, 0, side, side);
      for (const point of shown(settings)) {
        const [x, y] = this.inputPlace(point, side);
        spiral.trails.ring(brush, x, y, this.radius(width, pixel) + 2 * pixel, pixel);
      }
    }

    inputPlace(point, side) {
      const { inputs, reach } = this.path;
      const scale = side / (2 * reach);
      return [(inputs[2 * point] + reach) * scale, side - (inputs[2 * point + 1] + reach) * scale];
    }

    /** The point nearest to a place on a canvas, -1 if none is near. */
    nearest(event, canvas) {
      const box = canvas.getBoundingClientRect();
      const ratio = byId("layer").width / byId("layer").clientWidth;
      const inLayer = canvas.id === "layer";
      if (!inLayer && !this.path.inputs) return -1;
      const scale = inLayer ? ratio : 1;
      const x = (event.clientX - box.left) * scale;
      const y = (event.clientY - box.top) * scale;
      let best = (NEAR * scale) ** 2;
      let found = -1;
      for (let point = 0; point < this.path.points; point++) {
        const [a, b] = inLayer
          ? [this.places[2 * point], this.places[2 * point + 1]]
          : this.inputPlace(point, canvas.clientWidth);
        const distance = (a - x) ** 2 + (b - y) ** 2;
        if (distance < best) [best, found] = [distance, point];
      }
      return found;
    }
  }

  /** The followed points, and the hovered one. */
  function shown({ followed, hovered }) {
    return hovered >= 0 && !followed.includes(hovered) ? [...followed, hovered] : followed;
  }

  return { Drawn };
})();
