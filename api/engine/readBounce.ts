/**
 * What a delivery status notification says (RFC 3464): which mail of ours it is about, by the Message-ID that it quotes,
 * and whether it failed for good. Its parts are plain text by that standard, so they are read as they stand.
 */
export interface Bounce {
  messageId: string;
  /** False: it is only delayed, or it arrived. */
  failed: boolean;
  /** "5.1.1 No such user here". */
  why: string;
}

/** The part that says what became of the delivery: from the blank line after its heading to its boundary. */
function reportIn(text: string): string | undefined {
  const heading = /^content-type: *message\/delivery-status/im.exec(text);
  const blank = heading ? text.indexOf("\n\n", heading.index) : -1;
  const end = blank < 0 ? -1 : text.indexOf("\n--", blank + 2);
  return end < 0 ? undefined : text.slice(blank + 2, end);
}

/** Undefined for anything else: a holiday notice, an answer, a report that names no mail. */
export function readBounce(raw: string): Bounce | undefined {
  const text = raw.replace(/\r\n/g, "\n");
  const head = text.slice(0, text.indexOf("\n\n") + 1).replace(/\n[ \t]+/g, " ");
  if (!/^content-type:[^\n]*multipart\/report[^\n]*delivery-status/im.test(head)) return undefined;
  const report = reportIn(text);
  // That of the report itself stands in the head; that of our mail in what it quotes.
  const quoted = /^message-id: *(<[^<>\s]{1,190}>)/im.exec(text.slice(head.length).replace(/\n[ \t]+/g, " "));
  if (report === undefined || !quoted?.[1]) return undefined;
  const fields = report.replace(/\n[ \t]+/g, " ");
  const field = (name: string) => new RegExp(`^${name}: *(?:[\\w-]+; *)?(.*)$`, "im").exec(fields)?.[1]?.trim() ?? "";
  const [action, status, diagnostic] = [field("Action"), field("Status"), field("Diagnostic-Code")];
  return {
    messageId: quoted[1],
    failed: action.toLowerCase() === "failed" && !status.startsWith("4"),
    why: [status, diagnostic].filter(Boolean).join(" ").slice(0, 500) || "no reason given",
  };
}

/** The messages of a file: one as it arrived, or a mailbox in the mbox format. */
export const messagesOf = (text: string): string[] =>
  text.startsWith("From ") ? text.split(/^From .*\r?\n/m).filter((message) => message.trim()) : [text];
