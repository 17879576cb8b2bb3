import { renderText, safeHref } from "./markdown";

test("raw HTML in a document is shown, never run", () => {
  const { html } = renderText(
    "Hello <script>alert(1)</script> <img src=x onerror=alert(1)>\n\n<iframe src=x></iframe>",
  );
  expect(html).not.toMatch(/<(script|img|iframe)/);
  expect(html).toContain("&lt;script&gt;");
});

test("an image is its description: nothing is fetched from elsewhere", () => {
  expect(renderText('![The crest](https://example.org/c.png "x")').html.trim()).toBe("<p>The crest</p>");
});

test("links go to pages and mail, and to nothing that runs", () => {
  expect(safeHref("https://example.org/a")).toBe("https://example.org/a");
  expect(safeHref("mailto:office@example.org")).toBe("mailto:office@example.org");
  for (const bad of [
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
  ])
    expect(safeHref(bad)).toBeUndefined();
  expect(renderText("[x](javascript:alert(1))").html).not.toContain("href");
  expect(renderText('[x](https://example.org/"onclick="alert(1))').html).not.toMatch(/"\s*onclick/);
});

test("a first heading that repeats the page's own is not said twice", () => {
  const { html, headings } = renderText("# Kite Rules\n\n# 1 Aims\n\n# Kite rules", "Kite rules");
  expect(headings.map(({ text }) => text)).toEqual(["1 Aims", "Kite rules"]);
  expect(html).not.toContain("Kite Rules");
});

test("headings become the contents, one level below the page's own", () => {
  const { html, headings } = renderText("# 1 Aims & scope\n\ntext\n\n## 1.1 Phones *here*");
  expect(headings.map(({ depth, text }) => [depth, text])).toEqual([
    [1, "1 Aims & scope"],
    [2, "1.1 Phones here"],
  ]);
  expect(html).toMatch(/<h2 id="part-1"[^>]*>1 Aims &amp; scope<\/h2>/);
});
