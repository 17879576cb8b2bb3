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

/** Undefined for anything else: a holiday notice, an answer, a report that names no mail. */
export function readBounce(raw: string): Bounce | undefined {
  const text = raw.replace(/\r\n/g, "\n");
  const head = text.slice(0, text.indexOf("\n\n") + 1).replace(/\n[ \t]+/g, " ");
  if (!/^content-type:[^\n]*multipart\/report[^\n]*delivery-status/im.test(head)) return undefined;
  const report = /^content-type: *message\/delivery-status[\s\S]*?\n\n([\s\S]*?)\n--/im.exec(text)?.[1];
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
