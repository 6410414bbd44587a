"use strict";
// Sorting and filtering; without it everything is there, in the order of the plan.
(() => {
  const compare = new Intl.Collator("en-GB", { numeric: true }).compare;

  const value = (cell) => {
    const time = cell.querySelector("time");
    return time ? time.dateTime : cell.textContent.trim();
  };

  // Empty cells come last, whichever way round, and so do words where numbers are.
  const sort = (table, column, down) => {
    const body = table.tBodies[0];
    const number = table.tHead.rows[1].cells[column].classList.contains("n");
    const key = (text) => (number ? parseFloat(text.replace(/,/g, "")) : text);
    const none = (of) => of === "" || Number.isNaN(of);
    const order = number ? (a, b) => a - b : compare;
    const keyed = Array.from(body.rows, (row) => [key(value(row.cells[column])), row]);
    keyed.sort(([a], [b]) => (none(a) || none(b) ? none(a) - none(b) : down ? order(b, a) : order(a, b)));
    body.append(...keyed.map(([, row]) => row));
  };

  const sortable = (table, say) => {
    const heads = Array.from(table.tHead.rows[1].cells);
    heads.forEach((head, column) => {
      if (head.classList.contains("paper")) return;
      const name = head.textContent.trim();
      const button = document.createElement("button");
      const paper = document.createElement("span");
      button.type = "button";
      button.textContent = paper.textContent = name;
      // No button is printed on the pages that repeat the header.
      paper.className = "paper";
      head.replaceChildren(button, paper);
      head.classList.add("sorted");
      // One that is in view only in part is not brought into view by the browser.
      button.addEventListener("focus", () => button.scrollIntoView({ block: "nearest", inline: "nearest" }));
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(table, column, down);
        say(`Sorted by ${name}, ${down ? "descending" : "ascending"}.`);
      });
    });
  };

  const filterable = (region, tables, id) => {
    const form = document.createElement("div");
    const label = document.createElement("label");
    const input = document.createElement("input");
    const status = document.createElement("p");
    form.className = "filter";
    input.id = label.htmlFor = id;
    input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
    label.textContent = `Filter ${region.dataset.name}`;
    status.setAttribute("role", "status");
    form.append(label, input, status);
    region.before(form);
    let texts = null;
    let filtered = "";
    let sorted = "";
    const say = () => {
      status.textContent = `${filtered} ${sorted}`.trim();
    };
    input.addEventListener("input", () => {
      // What a table is called belongs to each of its rows.
      texts ??= tables.map((table) => [
        table,
        Array.from(table.tBodies[0].rows, (row) => {
          const cells = Array.from(row.cells, (cell) => cell.textContent);
          return [row, [table.caption.textContent, ...cells].join(" ").toLowerCase()];
        }),
      ]);
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      let all = 0;
      for (const [table, rows] of texts) {
        let some = 0;
        for (const [row, text] of rows) {
          row.hidden = !words.every((word) => text.includes(word));
          some += row.hidden ? 0 : 1;
        }
        table.hidden = some === 0;
        shown += some;
        all += rows.length;
      }
      filtered = words.length ? `Filtered: ${shown} of ${all} rows are shown.` : `All ${all} rows are shown.`;
      say();
    });
    return (order) => {
      sorted = order;
      say();
    };
  };

  document.querySelectorAll(".scroll[data-name]").forEach((region, at) => {
    const tables = Array.from(region.querySelectorAll("table"));
    const say = filterable(region, tables, `filter-${at + 1}`);
    tables.filter((table) => table.classList.contains("sorts")).forEach((table) => sortable(table, say));
  });
})();
