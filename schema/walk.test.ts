import { recordType } from "./definition";
import { audiences } from "./walk";

test("whoever makes links for guests is looked up, though nothing else of the definition names them", () => {
  const slip = recordType({
    ...{
      name: "slip",
      plural: "slips",
      label: "Slip",
      pluralLabel: "Slips",
      reference: "SLP-{year}-{n}",
      title: "Slip",
    },
    entries: { new: "open" },
    fields: { parent: { kind: "person", label: "Parent" } },
    states: { open: { label: "Open" }, signed: { label: "Signed", end: true } },
    actions: { sign: { label: "Sign", from: ["open"], to: "signed", who: [{ field: "parent" }] } },
    grants: [{ to: [{ field: "parent" }], may: ["see"] }],
    guests: { to: ["parent"], by: [{ role: "porter" }], actions: ["sign"], within: "P7D" },
  });
  expect(audiences(slip)).toContainEqual({ role: "porter" });
});
