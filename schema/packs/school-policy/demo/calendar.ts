/**
 * Six terms a year, as Kent's schools have them. The dates are plausible for the demo school and nobody's official ones:
 * a real school enters its own. INSET days stand on the first and last days that pupils would otherwise attend.
 */
import type { CalendarData, Closure, Term } from "../../../calendarData";

const years: { year: number; terms: [from: string, to: string][]; inset: string[] }[] = [
  {
    year: 2023,
    terms: [
      ["2023-09-04", "2023-10-20"],
      ["2023-10-30", "2023-12-20"],
      ["2024-01-03", "2024-02-09"],
      ["2024-02-19", "2024-03-28"],
      ["2024-04-15", "2024-05-24"],
      ["2024-06-03", "2024-07-23"],
    ],
    inset: ["2023-09-04", "2023-09-05", "2023-10-30", "2024-01-03", "2024-06-03"],
  },
  {
    year: 2024,
    terms: [
      ["2024-09-03", "2024-10-25"],
      ["2024-11-04", "2024-12-20"],
      ["2025-01-06", "2025-02-14"],
      ["2025-02-24", "2025-04-04"],
      ["2025-04-22", "2025-05-23"],
      ["2025-06-02", "2025-07-23"],
    ],
    inset: ["2024-09-03", "2024-09-04", "2024-11-04", "2025-01-06", "2025-06-02"],
  },
  {
    year: 2025,
    terms: [
      ["2025-09-01", "2025-10-17"],
      ["2025-11-03", "2025-12-19"],
      ["2026-01-05", "2026-02-13"],
      ["2026-02-23", "2026-04-01"],
      ["2026-04-16", "2026-05-22"],
      ["2026-06-01", "2026-07-22"],
    ],
    inset: ["2025-09-01", "2025-09-02", "2025-11-03", "2026-01-05", "2026-06-01"],
  },
  {
    year: 2026,
    terms: [
      ["2026-09-02", "2026-10-23"],
      ["2026-11-02", "2026-12-18"],
      ["2027-01-04", "2027-02-12"],
      ["2027-02-22", "2027-03-24"],
      ["2027-04-12", "2027-05-28"],
      ["2027-06-07", "2027-07-23"],
    ],
    inset: ["2026-09-02", "2026-09-03", "2026-11-02", "2027-01-04", "2027-06-07"],
  },
  {
    year: 2027,
    terms: [
      ["2027-09-02", "2027-10-22"],
      ["2027-11-01", "2027-12-17"],
    ],
    inset: ["2027-09-02", "2027-09-03", "2027-11-01"],
  },
];

const terms: Term[] = years.flatMap(({ year, terms: spans }) =>
  spans.map(([from, to], i) => ({ name: `Term ${i + 1}, ${year}–${(year + 1) % 100}`, from, to })),
);
const closures: Closure[] = years.flatMap(({ inset }) =>
  inset.map((day) => ({ from: day, to: day, kind: "inset" as const, name: "INSET day" })),
);

export const calendarData: CalendarData = { zone: "Europe/London", bankHolidays: "england-and-wales", terms, closures };
