/**
 * What a delivery status notification says (RFC 3464): which mail of ours it is about, by the Message-ID that it quotes,
 * and whether it failed for good. Its parts are plain text by that standard, so they are read as they stand.
 */
export interface Bounce {
  messageId: string;
  /** Failed for good: whoever reports it has given up, also where the reason is one that may pass. */
  became: "failed" | "delayed" | "arrived" | "unknown";
  /** "5.1.1 No such user here". */
  why: string;
}

const became: Record<string, Bounce["became"]> = {
  failed: "failed",
  delayed: "delayed",
  delivered: "arrived",
  relayed: "arrived",
  expanded: "arrived",
};

/**
 * The part that says what became of the delivery, from the blank line after its heading to its boundary, and where it
 * ends. Of several, the one that says it.
 */
function reportIn(text: string): { report: string; end: number } | undefined {
  let first: { report: string; end: number } | undefined;
  for (const heading of text.matchAll(/^content-type: *message\/delivery-status/gim)) {
    const blank = text.indexOf("\n\n", heading.index);
    const end = blank < 0 ? -1 : text.indexOf("\n--", blank + 2);
    if (end < 0) break;
    const found = { report: text.slice(blank + 2, end).replace(/\n[ \t]+/g, " "), end };
    if (fieldOf(found.report, "Action")) return found;
    first ??= found;
  }
  return first;
}

const fieldOf = (report: string, name: string): string =>
  new RegExp(`^${name}: *(?:[\\w-]+; *)?(.*)$`, "im").exec(report)?.[1]?.trim() ?? "";

const ID = "(<[!-;=?-~]{1,190}>)";

/** Of the report itself it stands in its head; of our mail in what is quoted behind the report, else in what it answers to. */
function idIn(head: string, words: string, quoted: string): string | undefined {
  const named = (field: string, text: string) =>
    new RegExp(`^(?:${field}): *${ID}`, "im").exec(text.replace(/\n[ \t]+/g, " "))?.[1];
  return named("message-id", quoted) ?? named("in-reply-to|references", head) ?? named("message-id", words);
}

/** Undefined for anything else: a holiday notice, an answer, a report that names no mail. */
export function readBounce(raw: string): Bounce | undefined {
  const text = raw.replace(/\r\n/g, "\n");
  const head = text.slice(0, text.indexOf("\n\n") + 1).replace(/\n[ \t]+/g, " ");
  // Some servers say "multipart/mixed" of a report, or wrap it.
  if (!/^content-type: *multipart\//im.test(head)) return undefined;
  const found = reportIn(text);
  const messageId = found && idIn(head, text.slice(head.length, found.end), text.slice(found.end));
  if (!found || !messageId) return undefined;
  const [action, status, diagnostic] = ["Action", "Status", "Diagnostic-Code"].map((name) =>
    fieldOf(found.report, name).replace(/\p{C}/gu, ""),
  );
  return {
    messageId,
    became: became[/^\w+/.exec(action?.toLowerCase() ?? "")?.[0] ?? ""] ?? "unknown",
    why: [status, diagnostic].filter(Boolean).join(" ").slice(0, 500) || "no reason given",
  };
}

/** The messages of a file: one as it arrived, or a mailbox in the mbox format. */
export const messagesOf = (text: string): string[] =>
  text.startsWith("From ") ? text.split(/^From .*\r?\n/m).filter((message) => message.trim()) : [text];
