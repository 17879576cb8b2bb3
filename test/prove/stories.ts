/** The pack's stories, by the obligations their names begin with: "O22 O134: only a low risk can be granted". */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface StoryFile {
  file: string;
  text: string;
  /** How many stories carry a number. */
  stories: Map<number, number>;
}

const NAME = /["'`]((?:O\d+[ ,]*)+):/g;

export function storyFiles(folder: string): StoryFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      const text = readFileSync(file, "utf8");
      const stories = new Map<number, number>();
      for (const [, numbers = ""] of text.matchAll(NAME))
        for (const [, number] of numbers.matchAll(/O(\d+)/g))
          stories.set(Number(number), (stories.get(Number(number)) ?? 0) + 1);
      return { file, text, stories };
    });
}

/** Those with a story of one of the numbers, most of them first. */
export function filesFor(files: StoryFile[], numbers: number[]): StoryFile[] {
  const count = ({ stories }: StoryFile) => numbers.reduce((sum, number) => sum + (stories.get(number) ?? 0), 0);
  return files.filter((file) => count(file) > 0).sort((a, b) => count(b) - count(a));
}
