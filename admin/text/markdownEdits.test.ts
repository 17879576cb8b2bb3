import * as edits from "./markdownEdits";

/** "[" and "]" stand for the selection, "|" for a caret. */
function on(marked: string, edit: (selected: edits.Selected) => edits.Edit | undefined): string | undefined {
  const start = marked.search(/[|⟦]/);
  const plain = marked.replace(/[|⟦]/, "");
  const end = plain.includes("⟧") ? plain.indexOf("⟧") : start;
  const text = plain.replace("⟧", "");
  const made = edit({ text, start, end });
  if (!made) return undefined;
  const next = text.slice(0, made.from) + made.insert + text.slice(made.to);
  return made.start === made.end
    ? `${next.slice(0, made.start)}|${next.slice(made.start)}`
    : `${next.slice(0, made.start)}⟦${next.slice(made.start, made.end)}⟧${next.slice(made.end)}`;
}

test("bold goes around what is selected, and away again", () => {
  expect(on("keep it ⟦off⟧ here", edits.toggleMark("**"))).toBe("keep it **⟦off⟧** here");
  expect(on("keep it **⟦off⟧** here", edits.toggleMark("**"))).toBe("keep it ⟦off⟧ here");
});

test("a link selects the address to be typed", () => {
  expect(on("see ⟦the guide⟧", edits.link)).toBe("see [the guide](⟦https://⟧)");
});

test("bullets go before every selected line, replace numbers, and away where all have them", () => {
  expect(on("⟦one\n\n2. two⟧", edits.bullets)).toBe("⟦- one\n\n- two⟧");
  expect(on("⟦- one\n- two⟧", edits.bullets)).toBe("⟦one\ntwo⟧");
  expect(on("⟦- one\n- two⟧", edits.numbers)).toBe("⟦1. one\n2. two⟧");
  expect(on("|", edits.bullets)).toBe("- |");
});

test("a heading goes one level deeper each time, and is plain again after the third", () => {
  const steps = ["Aims|"];
  for (let n = 0; n < 4; n += 1) steps.push(on(steps.at(-1) ?? "", edits.heading) ?? "");
  expect(steps).toEqual(["Aims|", "## Aims|", "### Aims|", "#### Aims|", "Aims|"]);
});

test("Enter goes on with the list, and twice ends it", () => {
  expect(on("- one|", edits.nextItem)).toBe("- one\n- |");
  expect(on("- one\n- |", edits.nextItem)).toBe("- one\n|");
  expect(on("  9) nine|", edits.nextItem)).toBe("  9) nine\n  10) |");
  expect(on("plain|", edits.nextItem)).toBeUndefined();
});

test("an item goes in and out", () => {
  expect(on("- one\n- t|wo", edits.indent)).toBe("- one\n  - two|");
  expect(on("  - t|wo", edits.outdent)).toBe("- two|");
});
