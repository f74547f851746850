"use strict";
// Links to the files that lie beside the page.

spiral.downloads = (() => {
  const { element } = spiral.dom;
  const NAMES = { npz: ".npz", mp4: "MP4", gif: "GIF", png: "PNG", webm: "WebM", mov: "MOV" };

  /** A line for each film or trajectory: its title, a link for each of its files. */
  function list(place, entries) {
    place.replaceChildren();
    for (const entry of entries) {
      const line = element("li", {}, `${spiral.words.text(entry.title)}: `);
      entry.files.forEach((file, i) => {
        if (i) line.append(", ");
        const name = NAMES[file.kind] ?? file.kind;
        const link = element("a", { href: file.place, download: "" }, name);
        link.append(element("span", { class: "hidden" }, ` ${spiral.words.text("of {title}", { title: entry.title })}`));
        line.append(link, element("span", { class: "bytes" }, ` ${spiral.numbers.size(file.bytes)}`));
      });
      place.append(line);
    }
    place.hidden = !entries.length;
  }

  return { list };
})();
