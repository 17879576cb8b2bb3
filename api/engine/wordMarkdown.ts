/** The HTML that mammoth makes of a Word document, as Markdown. It writes few tags, always closed; pictures are left out. */

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };
const unescape = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? "");

/**
 * A table of two columns becomes one "label value" line a row, one of more columns a table, and one of a single column,
 * which is a frame around text, that text.
 */
export const markdownOf = (html: string): string => {
  const writer = new Writer();
  // Where each outermost table begins and ends, and how many cells its longest row has, is known before it is written.
  const tables = widthsOf(html);
  for (const [, tag = "", text = ""] of html.matchAll(/<([^<>]*)>|([^<]+)/g)) {
    const [, slash, name = ""] = /^(\/?)(\w*)/.exec(tag) ?? [];
    if (text) writer.write(unescape(text).replace(/\s+/g, " "));
    else if (name === "table") writer.table(!slash, slash ? 0 : (tables.shift() ?? 0));
    else if (slash) writer.close(name);
    else writer.open(name, tag);
  }
  return writer.end();
};

/** Of each table, in the order in which they open, the cells of its longest row. */
function widthsOf(html: string): number[] {
  const widths: number[] = [];
  const open: { at: number; cells: number }[] = [];
  for (const [, slash, name] of html.matchAll(/<(\/?)(table|tr|td|th)\b[^<>]*>/g)) {
    const table = open.at(-1);
    if (name === "table") {
      if (slash) open.pop();
      else open.push({ at: widths.push(0) - 1, cells: 0 });
    } else if (!table) continue;
    else if (name === "tr") table.cells = 0;
    else if (!slash) {
      table.cells += 1;
      widths[table.at] = Math.max(widths[table.at] ?? 0, table.cells);
    }
  }
  return widths;
}

class Writer {
  private readonly out: string[] = [];
  private line = "";
  private depth = 0;
  /** Of the tables that are open, the columns of each. */
  private readonly tables: number[] = [];
  private cells: string[] = [];
  private headed = false;
  private note = 0;
  private inNote = false;
  private readonly notes: boolean[] = [];

  write(text: string): void {
    if (this.inNote && text === "↑") return;
    this.line += /\s$/.test(this.line) ? text.trimStart() : text;
  }

  /** A frame of one column within another is a frame; within a row everything stands in one line. */
  private get inRow(): boolean {
    return this.tables.some((columns) => columns > 1);
  }

  table(opens: boolean, columns: number): void {
    if (!this.inRow) {
      this.flush();
      if (opens) this.out.push("");
    } else this.space();
    if (opens) this.tables.push(columns);
    else this.tables.pop();
    this.headed = this.headed && this.tables.length > 0;
    if (!this.inRow) this.out.push("");
  }

  open(name: string, tag: string): void {
    if (name === "strong") this.line += "**";
    else if (name === "s") this.line += "~~";
    else if (name === "input") this.line += /checked/.test(tag) ? "☑ " : "☐ ";
    else if (name === "br") this.line += " ";
    else if (/^h[1-6]$/.test(name)) this.block(`${"#".repeat(Number(name[1]))} `);
    else if (name === "p") this.block("");
    else if (name === "li") this.item(/id="(footnote|endnote)-/.test(tag));
    else if (name === "ul" || name === "ol") {
      if (this.inRow) this.space();
      else this.flush();
      this.depth++;
    } else if (name === "tr" && this.inRow && this.tables.length === 1) {
      this.flush();
      this.cells = [];
    }
  }

  close(name: string): void {
    if (name === "strong") this.line += "**";
    else if (name === "s") this.line += "~~";
    else if (name === "ul" || name === "ol") this.depth--;
    else if (name === "li") this.inNote = this.notes.pop() === true && this.notes.at(-1) === true;
    if (this.inRow) {
      if (/^(td|th)$/.test(name)) this.cell();
      else if (name === "tr" && this.tables.length === 1) this.row();
      return;
    }
    if (!/^(h[1-6]|p|li|td|th|tr|ul|ol)$/.test(name)) return;
    this.flush();
    if (/^(h[1-6]|p)$/.test(name)) this.out.push("");
  }

  end(): string {
    this.flush();
    return (
      this.out
        .join("\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim() + "\n"
    );
  }

  /** A note stands at the end with the number that the text gives it. */
  private item(isNote: boolean): void {
    this.notes.push(isNote);
    this.inNote = isNote;
    if (!isNote) return this.block(`${"  ".repeat(Math.max(0, this.depth - 1))}- `);
    this.block("");
    this.line = `[${++this.note}] `;
  }

  private block(prefix: string): void {
    if (this.inRow) return this.space();
    // The first paragraph of a note or of an item of a list stands in its line.
    if (!prefix && /^(\[\d+\]|\s*-) $/.test(this.line)) return;
    this.flush();
    if (!prefix.trim().startsWith("-")) this.out.push("");
    this.line = prefix;
  }

  private space(): void {
    if (this.line && !/\s$/.test(this.line)) this.line += " ";
  }

  private cell(): void {
    if (this.tables.length > 1) return this.space();
    this.cells.push(this.line.trim());
    this.line = "";
  }

  private row(): void {
    const [columns = 0] = this.tables;
    const cells = this.cells;
    this.cells = [];
    if (!cells.some(Boolean)) return;
    if (columns < 3) {
      this.out.push(cells.filter(Boolean).join(" "), "");
      return;
    }
    const whole = Array.from({ length: columns }, (_, at) => (cells[at] ?? "").replaceAll("|", "\\|"));
    this.out.push(`| ${whole.join(" | ")} |`);
    if (this.headed) return;
    this.headed = true;
    this.out.push(`|${" --- |".repeat(columns)}`);
  }

  private flush(): void {
    if (this.line.replace(/^[\s#-]+/, "").trim()) this.out.push(this.line.trimEnd());
    this.line = "";
  }
}
