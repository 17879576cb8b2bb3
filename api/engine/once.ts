/**
 * A change that carries a key happens once: the key and what the verb answered are written in the change's own
 * transaction, and the same key again is given that answer. Whoever sends it a second time while the first is under way
 * waits for it.
 */
import { deserialize, serialize } from "node:v8";
import { Failure, invalid } from "../../schema/failure";
import { type AnswerKey, keepAnswer, takeKey } from "../store/answered";
import { secretBox } from "../store/secretBox";
import { Trouble } from "../store/trouble";
import type { Run } from "./run";

/** Bytes. A larger answer is not kept: whoever asks again is told that it was done. */
const MAX_ANSWER = 1024 * 1024;

const place = ({ person, request, n }: AnswerKey): string => `answered ${person} ${request} ${n}`;

/** The verb, once for each key. @throws INVALID_INPUT where the key was used for something else. */
export const once =
  <T>(key: AnswerKey, verb: (run: Run) => Promise<T>) =>
  async (run: Run): Promise<T> => {
    const box = secretBox(run.world.key);
    const before = await takeKey(run.tx, key, run.machineNow).catch((error: unknown) => {
      if (!(error instanceof Trouble && error.kind === "locked")) throw error;
      throw new Failure(
        "UNAVAILABLE",
        "This was sent twice, and the first is still being worked on. Try again in a moment.",
      );
    });
    if (before) {
      if (before.operation !== key.operation)
        throw invalid([
          {
            path: "x-idempotency-key",
            message:
              "This key was sent before, with something else or with other rights than you have now. Look at how it stands; each change needs a key of its own.",
          },
        ]);
      if (!before.answer) throw new Failure("WRONG_STATE", "This was done already. Look at how it stands now.");
      return deserialize(Buffer.from(box.open(before.answer, place(key)), "base64")) as T;
    }
    const answer = await verb(run);
    const bytes = serialize(answer);
    if (bytes.length <= MAX_ANSWER) await keepAnswer(run.tx, key, box.seal(bytes.toString("base64"), place(key)));
    return answer;
  };
