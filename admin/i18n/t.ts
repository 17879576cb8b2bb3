/**
 * The words of the back office. The key of a sentence is the English sentence itself, as it stands in the code:
 * t`Due ${when}` is "Due {0}" in a catalogue. English needs no catalogue, and speaks where another has nothing.
 */
import { createElement, Fragment, type ReactNode } from "react";

type Forms = Partial<Record<Intl.LDMLPluralRule, string>>;
/** What a language says for each English sentence; by plural form for those that count. */
export type Catalogue = Record<string, string | Forms>;

export interface Language {
  /** In the language itself. */
  name: string;
  /** As `lang` has it; numbers are written so. */
  locale: string;
  /** Which form of a sentence a number takes. `Intl.PluralRules` knows only the languages of the browser. */
  formOf: (n: number) => Intl.LDMLPluralRule;
}

export const english: Language = { name: "English", locale: "en-GB", formOf: (n) => (n === 1 ? "one" : "other") };

let language = english;
let catalogue: Catalogue = {};

/** Once, before anything is drawn: what has been said does not change under the reader. */
export function speak(chosen: Language, words: Catalogue): void {
  language = chosen;
  catalogue = words;
}

export const locale = (): string => language.locale;
export const inFigures = (n: number): string => n.toLocaleString([language.locale, english.locale]);

/** A sentence. With elements among its values it is something to draw; else text. Never at the top of a module: see `speak`. */
export function t(english: TemplateStringsArray, ...values: (string | number)[]): string;
export function t(english: TemplateStringsArray, ...values: ReactNode[]): ReactNode;
export function t(english: TemplateStringsArray, ...values: ReactNode[]): ReactNode {
  return fill(phrase(keyOf(english)), values);
}

/** A sentence that counts: `#` is the number in figures, {0} the first of the other values. */
export function plural(n: number, one: string, other: string, ...values: (string | number)[]): string;
export function plural(n: number, one: string, other: string, ...values: ReactNode[]): ReactNode;
export function plural(n: number, one: string, other: string, ...values: ReactNode[]): ReactNode {
  const said = catalogue[other];
  const forms = typeof said === "object" && said.other ? said : undefined;
  const form = forms ? (forms[language.formOf(n)] ?? forms.other ?? other) : n === 1 ? one : other;
  return fill(form.replaceAll("#", inFigures(n)), values);
}

/** What the catalogue has for an English phrase whose blanks somebody else fills. */
export function phrase(english: string): string {
  const said = catalogue[english];
  return typeof said === "string" && said !== "" ? said : english;
}

export const keyOf = (english: readonly string[]): string =>
  english.reduce((key, part, at) => `${key}{${at - 1}}${part}`);

function fill(sentence: string, values: ReactNode[]): ReactNode {
  if (values.length === 0) return sentence;
  // Odd parts are the numbers of blanks.
  const parts = sentence.split(/\{(\d+)\}/).map((part, at) => (at % 2 === 0 ? part : values[Number(part)]));
  const isText = parts.every((part) => typeof part === "string" || typeof part === "number");
  return isText ? parts.join("") : createElement(Fragment, null, ...parts);
}
