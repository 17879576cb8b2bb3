/** What react-admin itself says, from the same catalogue: its English phrases are keys like any other. */
import { type TranslationMessages } from "ra-core";
import polyglotI18nProvider from "ra-i18n-polyglot";
import english from "ra-language-english";
import { phrase } from "./t";

const said = (part: unknown): unknown =>
  typeof part === "string"
    ? phrase(part)
    : Object.fromEntries(Object.entries(part as object).map(([name, each]) => [name, said(each)]));

export const makeI18nProvider = () => polyglotI18nProvider(() => said(english) as TranslationMessages);
