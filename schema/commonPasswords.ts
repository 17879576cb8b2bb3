/** Is a password one of those that are guessed first? Held against a list, with the usual disguises taken off. */

const disguises: Record<string, string> = {
  "0": "o",
  "1": "l",
  "!": "i",
  "3": "e",
  "4": "a",
  "@": "a",
  "5": "s",
  $: "s",
  "7": "t",
  "8": "b",
};

const plainLetters = (text: string): string => text.replace(/[01!34@5$78]/g, (sign) => disguises[sign] ?? sign);

/** "abcabc" is "abc" typed twice. */
function once(text: string): string {
  for (let length = 1; length <= text.length / 2; length++)
    if (text.length % length === 0 && text.slice(0, length).repeat(text.length / length) === text)
      return text.slice(0, length);
  return text;
}

const edges = (text: string): string => text.replace(/^[^a-z]{1,12}/, "").replace(/[^a-z]{1,12}$/, "");

/**
 * `common` has lower-case passwords. Case, blanks, digits for letters, digits and signs around a word, and repeating it
 * disguise nothing. Of a password longer than 64 characters only the whole is looked up.
 */
export function isCommonPassword(password: string, common: ReadonlySet<string>): boolean {
  const text = password.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  if (common.has(text)) return true;
  if (text.length > 64) return false;
  const bare = edges(text);
  return [text, bare, plainLetters(text), plainLetters(bare), edges(plainLetters(text))]
    .flatMap((one) => [one, once(one)])
    .some((one) => one.length >= 4 && common.has(one));
}
