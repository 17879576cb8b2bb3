/** The texts people agree to, by what each is for: devices and channels ask for an agreement of a certain kind. */
import type { Field, Option } from "../../definition";

export const agreementKinds: Option[] = [
  { value: "staffAup", label: "Acceptable use: staff", because: ["O26", "O29", "O40", "O52", "M4", "M5"] },
  { value: "pupilAup", label: "Acceptable use: pupils and parents", because: ["O52", "M6"] },
  { value: "visitorAup", label: "Acceptable use: visitors and volunteers", because: ["O69", "M7"] },
  { value: "socialMediaAup", label: "Acceptable use: official social media", because: ["O119", "SM-4off"] },
  { value: "monitoringNotice", label: "Notice of monitoring", because: ["O30", "O76", "M4", "M8", "SM6"] },
  { value: "codeOfConduct", label: "Code of conduct", because: ["O29", "O92", "M4", "SM3"] },
  { value: "policy", label: "A policy", because: ["O15", "O29", "M4"] },
];

/** Held by what asks and by each answer: that of another round is another answer. */
export const round: Field = {
  kind: "text",
  label: "Round",
  editable: false,
  maxLength: 80,
  help: "The version that everybody was asked about, or the day they were asked afresh.",
  because: ["O69"],
};
