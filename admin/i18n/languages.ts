/** Which languages there are, and which one this browser wants. Another choice loads the page again. */
import { type Catalogue, english, type Language, speak } from "./t";

interface Learnt extends Language {
  /** A chunk of its own. */
  words: () => Promise<{ default: Catalogue }>;
}

const learnt: Record<string, Learnt> = {
  cy: {
    name: "Cymraeg",
    locale: "cy-GB",
    formOf: (n) => (({ 0: "zero", 1: "one", 2: "two", 3: "few", 6: "many" }) as const)[n] ?? "other",
    words: () => import("./cy.json"),
  },
};

export const languages: Record<string, Language> = { en: english, ...learnt };

const CHOICE = "duly.language";

/** What was chosen here, else the first that the browser asks for and that there is, else English. */
export function wantedLanguage(): string {
  const asked = [localStorage.getItem(CHOICE) ?? "", ...navigator.languages].map((tag) => tag.split("-")[0] ?? "");
  return asked.find((code) => Object.hasOwn(languages, code)) ?? "en";
}

export function chooseLanguage(code: string): void {
  localStorage.setItem(CHOICE, code);
  location.reload();
}

/** Before anything is drawn. Words that do not arrive leave the page English. */
export async function learnLanguage(): Promise<void> {
  const language = learnt[wantedLanguage()];
  if (!language) return;
  try {
    speak(language, (await language.words()).default);
    document.documentElement.lang = language.locale;
  } catch (failure) {
    console.error(failure);
  }
}
