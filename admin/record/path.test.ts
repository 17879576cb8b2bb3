import type { RecordType } from "../../schema/definition";
import { kite } from "../test/kites";
import { pathOf } from "./path";

const type: RecordType = {
  ...kite,
  entries: { new: "asked" },
  states: {
    asked: { label: "Asked for" },
    unclear: { label: "More is needed" },
    judged: { label: "To be judged" },
    flying: { label: "Flying" },
    torn: { label: "Torn", rag: "red" },
    refused: { label: "Refused", end: true },
  },
  actions: {
    askBack: { label: "Ask back", from: ["asked", "judged"], to: "unclear" },
    answer: { label: "Answer", from: ["unclear"], to: "asked" },
    pass: { label: "Pass on", from: ["asked"], to: "judged" },
    allow: { label: "Allow", from: ["judged"], to: "flying" },
    tear: { label: "It tore", from: ["flying"], to: "torn" },
    mend: { label: "Mend", from: ["torn"], to: "flying" },
    refuse: { label: "Refuse", from: ["judged"], to: "refused" },
  },
};

test("the usual path leaves out what only leads back, what goes wrong and what ends it", () => {
  expect(pathOf(type, "asked")).toEqual(["asked", "judged", "flying"]);
  expect(pathOf(kite, "packed")).toEqual(["packed", "flying"]);
});

test("off the path, a record stands after the first state that leads there, and nothing is said to have come between", () => {
  expect(pathOf(type, "unclear")).toEqual(["asked", "unclear", "judged", "flying"]);
  expect(pathOf(type, "torn")).toEqual(["asked", "judged", "flying", "torn"]);
  expect(pathOf(type, "refused")).toEqual(["asked", "judged", "refused"]);
});
