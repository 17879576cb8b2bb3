import type { RecordType } from "../../schema/definition";
import type { AvailableAction, DocumentText, RecordDetail } from "../provider";
import { kite } from "./kites";
import { recordOf } from "./memoryProvider";

/** A kite whose rules of flying are a text that is put in force. */
export const ruledKite: RecordType = {
  ...kite,
  fields: { ...kite.fields, rules: { kind: "document", label: "Rules of flying" } },
};

export const versionOf = (number: number, text: string, part: Partial<DocumentText> = {}): DocumentText => ({
  id: `v${number}`,
  number,
  hash: `hash-${number}`,
  text,
  createdAt: `2027-0${number}-01T09:00:00.000Z`,
  createdBy: { id: "p1", name: "Ada Shah" },
  inForce: false,
  inForceAt: null,
  pdf: `/texts/v${number}.pdf`,
  ...part,
});

/** Newest last, as they were written. */
export function recordWithTexts(texts: DocumentText[], part: Partial<RecordDetail> = {}): RecordDetail {
  const newestFirst = [...texts].reverse();
  const { values, ...more } = part;
  return recordOf(ruledKite, {
    recordTitle: "Red dragon",
    inForce: { rules: texts.find(({ inForce }) => inForce) ?? null },
    versions: { rules: newestFirst },
    values: { name: "Red dragon", rules: newestFirst[0] ?? null, ...values },
    ...more,
  });
}

export const ratifyAction = (part: Partial<AvailableAction> = {}): AvailableAction => ({
  name: "approve",
  label: "Approve",
  help: null,
  allowed: true,
  reason: null,
  because: [],
  form: [{ name: "meeting", field: { kind: "text", label: "Meeting" }, required: true }],
  ratifies: "rules",
  ...part,
});
