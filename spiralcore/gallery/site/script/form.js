"use strict";
// The settings of a training as a form: made from what may be chosen, and read back.

spiral.form = (() => {
  const { byId, element } = spiral.dom;
  let changed = () => {};

  /** Fill the lists; `listener(changes)` is called with what the reader changes. */
  function build(listener) {
    changed = listener;
    const { activations, training } = spiral.parts.facts("manifest");
    for (const [kind, { noun }] of Object.entries(training.sets)) option("train-data", kind, spiral.words.text(noun));
    option("train-data", "own", spiral.words.text("points of your own"));
    for (const name of Object.keys(training.packing)) option("train-activation", name, activations[name].label);
    byId("train-data").addEventListener("change", (event) => listener({ kind: event.target.value }));
    byId("train-activation").addEventListener("change", (event) => listener({ activation: event.target.value }));
    byId("train-widths").addEventListener("change", (event) => listener({ widths: event.target.value }));
    const groups = { data: byId("train-numbers"), steps: byId("train-steps") };
    for (const [name, rule] of Object.entries(spiral.choices.numbers())) groups[rule.group].append(field(name, rule));
  }

  function option(list, value, text) {
    byId(list).append(element("option", { value }, text));
  }

  function field(name, rule) {
    const label = element("label", {}, `${spiral.words.text(rule.label)} `);
    const input = element("input", { type: "text", inputmode: rule.whole ? "numeric" : "decimal", id: `train-${name}`, autocomplete: "off" });
    input.addEventListener("change", () => changed({ [name]: input.value }));
    label.append(input);
    return label;
  }

  /** Show settings where they are made. */
  function show(settings, own) {
    const { kind } = settings;
    byId("train-data").value = kind;
    byId("train-activation").value = settings.activation;
    byId("train-widths").value = settings.widths.join(" ");
    const rules = spiral.choices.ownOf(kind);
    const place = byId("train-own");
    if (place.dataset.kind !== kind) {
      place.replaceChildren(...Object.entries(rules).map(([name, rule]) => field(name, rule)));
      place.dataset.kind = kind;
    }
    for (const [name, rule] of Object.entries({ ...spiral.choices.numbers(), ...rules })) {
      const input = byId(`train-${name}`);
      input.value = settings[name] === null ? "" : String(settings[name]);
      input.placeholder = rule.default === null ? spiral.words.text("usual") : "";
    }
    byId("train-points").disabled = own;
  }

  return { build, show };
})();
