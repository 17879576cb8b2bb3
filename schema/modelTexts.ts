import type { ModelText } from "./definition";

/** A text for people to agree to, as the Markdown that a school keeps of it: its rules numbered. */
export const markdownOf = ({ title, sections }: Pick<ModelText, "title" | "sections">): string =>
  [`# ${title}`, ...sections.map(({ heading, text }, n) => `## ${n + 1}. ${heading}\n\n${text}`)].join("\n\n");
