/** A page of paper as a scan of it would come: one leaf of PDF with these lines, which any reader opens. */
import { file, type Told } from "../../../../script";

export function scan(name: string, lines: string[]): Told {
  const shown = lines.map((line) => `(${line.replace(/[()\\]/g, "").replace(/[^\x20-\x7e]/g, "-")}) Tj T*`);
  const page = ["BT /F1 12 Tf 72 760 Td 18 TL", ...shown, "ET"].join("\n");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, n) => {
    const at = text.length;
    text += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const xref = `xref\n0 6\n0000000000 65535 f \n${places.join("")}`;
  return file(name, `${text}${xref}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`);
}
