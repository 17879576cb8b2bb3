import {
  beginningOf,
  fittingName,
  isText,
  LOOKED_AT,
  MAX_FILE_BYTES,
  officeKind,
  plainName,
  sizeInWords,
} from "./fileKinds";

const bytes = (latin: string): Uint8Array => Uint8Array.from(latin, (letter) => letter.charCodeAt(0));
const little = (n: number, width: number): string =>
  Array.from({ length: width }, (_, at) => String.fromCharCode((n >>> (8 * at)) & 0xff)).join("");

/** A zip as far as it is looked at: something in front, the directory, and its end. */
function zip(names: string[], front = "PK\x03\x04" + "x".repeat(60), comment = ""): Uint8Array {
  const entries = names.map(
    (name) =>
      `PK\x01\x02${"\0".repeat(24)}${little(name.length, 2)}${little(0, 2)}${little(0, 2)}${"\0".repeat(12)}${name}`,
  );
  const directory = entries.join("");
  const counts = little(names.length, 2).repeat(2);
  return bytes(
    `${front}${directory}PK\x05\x06\0\0\0\0${counts}${little(directory.length, 4)}${little(front.length, 4)}${little(comment.length, 2)}${comment}`,
  );
}

test.each([
  ["minutes.pdf", "%PDF-1.7\n\xe2\xe3", "application/pdf"],
  ["a.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"],
  ["a.jpg", "\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"],
  ["a.webp", "RIFF\x24\0\0\0WEBPVP8 ", "image/webp"],
  ["a.heic", "\0\0\0\x18ftypheic\0\0\0\0mif1", "image/heic"],
  // What it is called does not count where the bytes say.
  ["a.txt", "%PDF-1.4\n%plain", "application/pdf"],
])("%s is told by its bytes", (name, start, mediaType) => {
  expect(beginningOf(name, bytes(start))).toEqual({ mediaType });
});

test.each([
  ["pupils.csv", "Name,Form\r\nAmara,3B\r\n", "text/csv"],
  // As Excel writes it on Windows: a pound sign is one byte.
  ["money.csv", "Item,Price\r\nCase,\xa312\r\n", "text/csv"],
  ["notes.MD", "# Notes\n", "text/markdown"],
  ["Minutes 12.5.2027", "Present: all\n", "text/plain"],
  ["MZ Wallace.txt", "MZ Wallace rang at nine.\n", "text/plain"],
])("%s is text of the kind its name says", (name, start, mediaType) => {
  expect(beginningOf(name, bytes(start))).toEqual({ mediaType, text: true });
});

test.each([
  ["setup.pdf", "MZ\x90\0\x03\0", /is a program/],
  ["run", "\x7fELF\x02\x01", /is a program/],
  ["notes.txt", "#!/bin/sh\nrm -rf /\n", /is a program/],
  ["hello.js", "alert(1)", /is a program/],
  ["page.txt", "\xef\xbb\xbf \n<!-- hm --><!DOCTYPE html><script>", /is a web page/],
  ["logo.png", '<?xml version="1.0"?><svg onload="alert(1)"/>', /is a web page/],
  ["logo.svg", "not even one", /is a web page/],
  ["old.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", /older Office file/],
  ["sheet.csv", "\xff\xfeN\0a\0m\0e\0", /UTF-8/],
  ["film.mp4", "\0\0\0\x18ftypmp42", /a kind that is not taken/],
  ["empty.pdf", "", /is empty/],
])("%s is refused in a sentence with its name", (name, start, problem) => {
  const found = beginningOf(name, bytes(start));
  expect(found).toEqual({ problem: expect.stringMatching(problem) });
  expect(found).toEqual({ problem: expect.stringContaining(`“${name}”`) });
});

test("a text is text all through", () => {
  expect(isText(bytes("Line\tone\r\n\fé"))).toBe(true);
  expect(isText(bytes("a\0b"))).toBe(false);
});

describe("a zip is told by its directory", () => {
  const kind = (file: Uint8Array, tail = LOOKED_AT) => officeKind("x", file.subarray(-tail), file.length);
  const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  test("Word and Excel, whatever stands first in it", () => {
    expect(beginningOf("x", zip([]))).toEqual({ zip: true });
    expect(kind(zip(["_rels/.rels", "word/document.xml", "[Content_Types].xml"]))).toEqual({ mediaType: word });
    expect(kind(zip(["xl/workbook.xml"], undefined, "said at the end"))).toMatchObject({
      mediaType: expect.stringContaining("spreadsheetml"),
    });
  });
  test("a long file needs no more than its end", () => {
    expect(kind(zip(["word/document.xml"], "PK\x03\x04".repeat(10_000)), 400)).toEqual({ mediaType: word });
  });
  test("macros, other documents, archives and what cannot be read are refused", () => {
    expect(kind(zip(["word/document.xml", "word/vbaProject.bin"]))).toEqual({
      problem: expect.stringContaining("macros"),
    });
    expect(kind(zip(["ppt/presentation.xml"]))).toEqual({ problem: expect.stringContaining("PDF") });
    expect(kind(zip(["run.exe"]))).toEqual({ problem: expect.stringContaining("Unpack") });
    expect(kind(bytes("PK\x03\x04 cut off"))).toHaveProperty("problem");
    // A directory that says it begins before the file, or after its own end.
    const lying = zip(["word/document.xml"]);
    new DataView(lying.buffer).setUint32(lying.length - 6, 0xffff_ffff, true);
    expect(kind(lying)).toHaveProperty("problem");
  });
});

test("a name keeps neither folders nor what cannot be seen, and ends as its bytes are", () => {
  expect(plainName("C:\\Users\\me\\Risk assessment.pdf")).toBe("Risk assessment.pdf");
  expect(plainName("../../etc/passwd")).toBe("passwd");
  expect(plainName("photo\u202egpj.exe\0")).toBe("photogpj.exe");
  expect(plainName(" \n ")).toBe("file");
  expect(plainName(`${"é".repeat(400)}.pdf`)).toBe(`${"é".repeat(150)}.pdf`);
  expect(fittingName("scan.PDF", "application/pdf")).toBe("scan.PDF");
  expect(fittingName("scan", "application/pdf")).toBe("scan.pdf");
  expect(fittingName("notes.bat", "application/pdf")).toBe("notes.bat.pdf");
});

test("sizes in words", () => {
  expect([999, 310_400, MAX_FILE_BYTES].map(sizeInWords)).toEqual(["999 bytes", "310 kB", "20 MB"]);
});
