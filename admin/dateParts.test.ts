import { datePartsOf, dateProblem, dateText, readTime, whenProblem } from "./dateParts";

test("what stands in three boxes is a date once all three are filled, and comes back as it was typed until then", () => {
  const typed: [string, string, string, string][] = [
    ["4", "05", "2027", "2027-05-04"],
    ["", "05", "2027", "2027-05"],
    ["", "", "2027", "2027"],
    ["4", "", "2027", "2027--04"],
    ["4", "05", "", "-05-04"],
    ["", "05", "", "-05"],
    ["", "", "", ""],
  ];
  for (const [day, month, year, text] of typed) {
    expect(dateText({ day, month, year })).toBe(text);
    expect(datePartsOf(text)).toEqual({ day, month, year });
  }
});

test("what is wrong with a date says what to do about it, and never in the figures of a machine", () => {
  expect(
    ["2027-05", "2027--04", "2027", "-05-04", "--04", "27-05-04", "2027-06-31", "2027-02-29", "2027-05-04", ""].map(
      (text) => dateProblem(text),
    ),
  ).toEqual([
    "Give the day too.",
    "Give the month too.",
    "Give the month too.",
    "Give the year too.",
    "Give the month and the year too.",
    "Write the year with its four figures.",
    "June 2027 has 30 days.",
    "February 2027 has 28 days.",
    undefined,
    undefined,
  ]);
});

test("where a month or a year will do, only what stands alone beside it is missing", () => {
  expect(["2027", "2027-05", "2027--04", "-05"].map((text) => dateProblem(text, true))).toEqual([
    undefined,
    undefined,
    "Give the month too.",
    "Give the year too.",
  ]);
});

test("a time needs its day, and a day its time", () => {
  const typed = ["T14:30", "2027-05-04T", "2027-05T14:30", "2027-05-04Tnoon", "2027-05-04T13:30:00Z"];
  expect(typed.map(whenProblem)).toEqual([
    "Give the date too.",
    "Give the time too.",
    "Give the day too.",
    "Write the time as hours and minutes, such as 14:30.",
    undefined,
  ]);
});

test("a time of day is understood as people write it", () => {
  const typed = ["14:30", "14.30", "1430", "2:30 pm", "8", "830", "12 am", "12pm", "25:00", "8:70", "noon", ""];
  expect(typed.map(readTime)).toEqual([
    ...["14:30", "14:30", "14:30", "14:30", "08:00", "08:30", "00:00", "12:00", "25:00", "8:70", "noon", ""],
  ]);
});
