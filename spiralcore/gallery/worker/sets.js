"use strict";
// The data sets of `spiralcore/data`, one function each: the same points from the same seed.

spiral.sets = (() => {
  const { sin, cos } = spiral.arithmetic;
  const PI = 3.141592653589793;
  const SECTORS_PER_ARM = 4;
  const NOISE_GROWTH = 1.5;
  const SHIFT = 0.5;
  const STEP = 1.3;

  /** Even steps from one number to another, as NumPy's linspace. */
  function spread(from, to, count) {
    const step = (to - from) / (count - 1);
    return Array.from({ length: count }, (_, i) => (i && i === count - 1 ? to : from + i * (count > 1 ? step : 0)));
  }

  function many(count, draw) {
    return Array.from({ length: count }, draw);
  }

  function spirals({ classes, points, inner_radius, outer_radius, turns, noise }, rng) {
    const radii = spread(inner_radius, outer_radius, points);
    const sweep = spread(0, 2 * PI * (turns ?? SECTORS_PER_ARM / classes), points);
    const width = spread(1, NOISE_GROWTH, points);
    return (label) => {
      const start = (2 * PI * label) / classes;
      return many(points, (_, i) => {
        const angle = start + sweep[i] + noise * width[i] * rng.uniform(-1, 1);
        return [radii[i] * cos(angle), radii[i] * sin(angle)];
      });
    };
  }

  function rings({ classes, points, inner_radius, outer_radius, noise }, rng) {
    const radii = spread(inner_radius, outer_radius, classes);
    return (label) => {
      const turn = rng.uniform(0, 1);
      return many(points, (_, i) => {
        const angle = 2 * PI * (turn + i / points);
        const radius = radii[label] + noise * rng.normal();
        return [radius * cos(angle), radius * sin(angle)];
      });
    };
  }

  function moons({ classes, points, extent, noise }, rng) {
    const step = classes === 2 ? 1 : STEP;
    const radius = (2 * extent) / (2 + step * (classes - 1));
    const angles = spread(PI, 0, points);
    return (label) => {
      const side = label % 2 ? -1 : 1;
      return many(points, (_, i) => {
        const x = cos(angles[i]) + step * (label - (classes - 1) / 2);
        const y = side * (sin(angles[i]) - SHIFT / 2);
        return [radius * (x + noise * rng.normal()), radius * (y + noise * rng.normal())];
      });
    };
  }

  function blobs({ classes, points, clusters_per_class, radius, noise }, rng) {
    const clusters = classes * clusters_per_class;
    const apart = radius * Math.min(2 * sin(PI / clusters), 1);
    return (label) =>
      many(points, (_, i) => {
        const angle = (2 * PI * (label + classes * (i % clusters_per_class))) / clusters;
        return [
          radius * cos(angle) + noise * apart * rng.normal(),
          radius * sin(angle) + noise * apart * rng.normal(),
        ];
      });
  }

  function checkerboard({ classes, points, fields, extent, gap }, rng) {
    const own = Array.from({ length: classes }, () => []);
    for (let column = 0; column < fields; column++) {
      for (let row = 0; row < fields; row++) own[(column + (classes < 4 ? 1 : 2) * row) % classes].push([column, row]);
    }
    if (own.some((some) => !some.length)) {
      throw new Error(`${fields} fields a side are too few for ${classes} classes; take more fields or fewer classes.`);
    }
    const side = (2 * extent) / fields;
    return (label) =>
      many(points, (_, i) => {
        const field = own[label][i % own[label].length];
        return field.map((at) => side * (at + 0.5 + (1 - gap) * rng.uniform(-0.5, 0.5)) - extent);
      });
  }

  const SETS = { spirals, rings, moons, blobs, checkerboard };

  /**
   * Draw a data set.
   *
   * @param settings {kind, classes, points a class, seed} and those of the kind
   * @returns {inputs: Float32Array, x and y of each point; labels: Int32Array}
   */
  function draw(settings) {
    const { kind, classes, points, seed } = settings;
    const place = SETS[kind](settings, new spiral.random.Generator([seed, 0]));
    const inputs = new Float32Array(2 * classes * points);
    const labels = new Int32Array(classes * points);
    for (let label = 0; label < classes; label++) {
      inputs.set(place(label).flat(), 2 * label * points);
      labels.fill(label, label * points, (label + 1) * points);
    }
    return { inputs, labels };
  }

  return { draw, kinds: Object.keys(SETS) };
})();
