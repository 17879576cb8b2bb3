// Logs are appended to, and begun anew before they fill a disk: the last few are kept beside the current one.
import { closeSync, fstatSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";

const MAX_BYTES = 10 * 1024 * 1024;
/** Older files: name.log.1 is the latest of them. */
const KEPT = 4;
const MAX_LINE = 16_384;

function moveOn(path) {
  rmSync(`${path}.${KEPT}`, { force: true });
  for (let n = KEPT - 1; n >= 0; n -= 1)
    try {
      renameSync(n === 0 ? path : `${path}.${n}`, `${path}.${n + 1}`);
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
}

/** Of a file that a server writes itself: begun anew at its start where it has grown large. */
export function startLog(path, maxBytes = MAX_BYTES) {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) moveOn(path);
  return openSync(path, "a", 0o600);
}

/** A log that is written line by line. A disk that is full costs lines, and ends nothing. */
export function openLog(path, maxBytes = MAX_BYTES) {
  let file = openSync(path, "a", 0o600);
  let { size } = fstatSync(file);
  /** Where no file can be opened, the old one is written to until it has as much more. */
  function begin() {
    size = 0;
    try {
      moveOn(path);
      const next = openSync(path, "a", 0o600);
      closeSync(file);
      file = next;
    } catch {
      // Nobody could be told.
    }
  }
  return {
    write(line) {
      const bytes = Buffer.from(`${line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)} …` : line}\n`);
      try {
        if (size > 0 && size + bytes.length > maxBytes) begin();
        size += writeSync(file, bytes);
      } catch {
        // Nobody could be told.
      }
    },
    close: () => closeSync(file),
  };
}
