// Loaded before the built product by the harness alone (node --require): shifts the wall clock of the process, shortens
// its pauses, and plants a bug. What is replaced is a piece of the built text; that it is gone is an error, not silence.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { sep } = require("node:path");

const clockFile = process.env["RECOVERY_CLOCK"];
let shiftMs = 0;
const readShift = () => {
  try {
    shiftMs = Number(readFileSync(clockFile, "utf8")) || 0;
  } catch {
    shiftMs = 0;
  }
};
if (clockFile) {
  readShift();
  process.on("SIGUSR2", readShift);
  const RealDate = Date;
  globalThis.Date = class Date extends RealDate {
    constructor(...args) {
      if (args.length) super(...args);
      else super(RealDate.now() + shiftMs);
    }
    static now() {
      return RealDate.now() + shiftMs;
    }
  };
}

/** The same mechanisms with shorter pauses, for schedules of seconds. */
const hurried = [
  ["workers/startWorkers.js", "const sweepMs = 15_000", "const sweepMs = 2_000"],
  ["workers/loops.js", "const longestPauseMs = 15_000", "const longestPauseMs = 2_000"],
  ["api/store/database.js", "statementMs: 60_000", "statementMs: 6_000"],
  ["api/store/database.js", "statementMs: 20_000", "statementMs: 5_000"],
  ["api/store/database.js", "connectionMs: 20_000", "connectionMs: 5_000"],
  ["api/engine/mailTransport.js", "socketTimeout: 60_000", "socketTimeout: 6_000"],
  ["api/engine/mailTransport.js", "greetingTimeout: 15_000", "greetingTimeout: 5_000"],
];

const bugs = {
  // Fires what an edition of the calendar, a figure or a definition that is no longer in force had set.
  "skip the generation check": [
    ["schema/step/fire.js", "if (timer.stamp !== (0, timers_1.stampOf)(rule, d.record, d.facts))", "if (false)"],
  ],
  // The email leaves inside the transaction that composes it.
  "send before commit": [
    [
      "api/engine/putMail.js",
      "await (0, mails_1.insertMail)(run.tx, { fixedAddress: false, ...mail, id, messageId, state,",
      `await (globalThis.planted ??= require("./mailTransport").smtpTransport(run.world.config.smtpUrl)).send({
         messageId, from: run.world.config.mailFrom, returnTo: null, to: mail.address, subject: mail.subject,
         text: mail.text, html: mail.html, calendar: null, crest: null, choose: null, date: run.nowIso });
       await (0, mails_1.insertMail)(run.tx, { fixedAddress: false, ...mail, id, messageId, state: "sent",`,
    ],
  ],
  // Nothing is looked for that no wake-up told of.
  "trust the job": [
    [
      "workers/startWorkers.js",
      "(0, loops_1.each)([drainThenMail, () => hintSoon(world), tellOfThem])",
      "hintSoon(world)",
    ],
  ],
};

const bug = process.env["RECOVERY_BUG"];
if (bug && !bugs[bug]) throw new Error(`There is no bug called ${bug}.`);
const edits = [...(process.env["RECOVERY_HURRY"] ? hurried : []), ...(bug ? bugs[bug] : [])];
const compile = Module.prototype._compile;
Module.prototype._compile = function (content, filename, ...rest) {
  let text = content;
  for (const [file, from, to] of edits)
    if (filename.endsWith(`${sep}build${sep}${file.replaceAll("/", sep)}`)) {
      if (!text.includes(from)) throw new Error(`${file} no longer holds what is to be replaced: ${from}`);
      text = text.replace(from, () => to);
    }
  return compile.call(this, text, filename, ...rest);
};
