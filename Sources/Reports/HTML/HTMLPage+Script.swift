internal import AlbertBytes

extension HTMLPage {
  /// What makes tables sortable and filterable, and says which of them scroll.
  ///
  /// Without it, or where scripts are not allowed, the page shows the same.
  static let script = """

    (() => {
      // Names break behind their stops and strokes where there is no room for them.
      for (const name of document.querySelectorAll("td code:not(.digest)")) {
        const parts = name.textContent.split(/(?<=[./_-])/);
        name.replaceChildren(
          ...parts.flatMap((part, i) => (i ? [document.createElement("wbr"), part] : [part])));
      }
      for (const table of document.querySelectorAll("table.sortable")) {
        const body = table.tBodies[0], rows = [...body.rows];
        const heads = [...table.tHead.rows[0].cells];
        const bar = document.createElement("div"), label = document.createElement("label");
        const field = document.createElement("input"), shown = document.createElement("span");
        bar.className = "filter";
        label.textContent = "Filter ";
        field.type = "search";
        label.append(field);
        shown.className = "shown";
        shown.setAttribute("role", "status");
        bar.append(label, shown);
        table.closest(".region").before(bar);
        const count = () => {
          const left = rows.filter((row) => !row.hidden).length;
          shown.textContent = left === rows.length ? `${left} rows` : `${left} of ${rows.length}`;
          look();
        };
        field.addEventListener("input", () => {
          const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
          for (const row of rows) {
            const text = row.textContent.toLowerCase();
            row.hidden = !words.every((word) => text.includes(word));
          }
          count();
        });
        heads.forEach((head, column) => {
          const button = document.createElement("button");
          button.type = "button";
          button.append(...head.childNodes);
          head.append(button);
          button.addEventListener("click", () => {
            const rises = head.getAttribute("aria-sort") !== "ascending";
            for (const other of heads) other.removeAttribute("aria-sort");
            head.setAttribute("aria-sort", rises ? "ascending" : "descending");
            const order = (a, b) => {
              const [x, y] = [a, b].map((row) => row.cells[column].dataset.value);
              if (x === undefined || y === undefined)
                return a.cells[column].textContent.localeCompare(
                  b.cells[column].textContent, undefined, { numeric: true }) * (rises ? 1 : -1);
              // What is not known comes last either way.
              if (x === "" || y === "") return (x === "") - (y === "");
              return (x - y) * (rises ? 1 : -1);
            };
            body.append(...[...rows].sort(order));
          });
        });
        queueMicrotask(count);
      }
      const look = () => {
        for (const region of document.querySelectorAll(".region")) {
          const scroll = region.querySelector(".scroll");
          const isWide = scroll.scrollWidth > scroll.clientWidth + 1;
          scroll.tabIndex = isWide ? 0 : -1;
          region.querySelector(".hint").hidden = !isWide;
        }
      };
      look();
      addEventListener("resize", look);
    })();

    """

  /// What the page may do: show its own style and run its own script, and fetch nothing.
  static let policy: String = {
    var hasher = SHAHasher(.sha256)
    let text = Array(script.utf8)
    unsafe hasher.update(text.span.bytes)
    let digits = Array(hasher.digest().utf8)
    let bytes = stride(from: 0, to: digits.count, by: 2).map { place in
      UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16) ?? 0
    }
    return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(bytes.base64)'"
  }()
}
