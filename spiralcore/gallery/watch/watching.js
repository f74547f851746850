"use strict";
// A file that is followed while it is written: asked for again and again, shown when it has changed.

spiral.watching = (() => {
  const { byId, say } = spiral.dom;
  let watched = null; // {name, place, every}
  let tag = "";

  function build(facts) {
    watched = facts;
    tell(`Follows ${watched.name} while it is written.`);
    ask();
  }

  async function ask() {
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(watched.place, { headers, cache: "no-store" });
      if (answer.status === 200) {
        const found = await spiral.handed.read(new Uint8Array(await answer.arrayBuffer()));
        take(found);
        tag = answer.headers.get("ETag");
      } else if (answer.status !== 304) {
        throw new Error(`${watched.name}: ${answer.status}`);
      }
      spiral.trouble.clear();
    } catch (error) {
      const gone = error instanceof TypeError;
      spiral.trouble.say(gone ? "spiral watch has ended; what was read last is shown." : error.message, ask);
    }
    setTimeout(ask, watched.every);
  }

  /** Show what has come, or say why there is nothing. */
  function take({ facts, arrays }) {
    if (facts.network) {
      spiral.handed.show({ facts, arrays });
      const epochs = spiral.handed.trained().toLocaleString("en-US");
      tell(`Follows ${watched.name} while it is written: epoch ${epochs} so far.`);
    } else if (spiral.handed.any()) {
      spiral.shown.say(`${facts.text}\nWhat was read last is shown.`);
    } else {
      spiral.shown.refuse();
      spiral.shown.say(`${facts.text}\nIt is shown as soon as it is.`);
    }
  }

  function tell(text) {
    say(byId("lead"), text);
  }

  return { build };
})();
