/** The way out for mail: SMTP, or nowhere. */
import { createTransport, type SendMailOptions } from "nodemailer";
import type { Crest } from "../store/letterhead";
import { CREST_ID } from "./renderMail";

type Attachment = NonNullable<SendMailOptions["attachments"]>[number];

export interface MailMessage {
  /** With angle brackets; the same on every attempt. */
  messageId: string;
  from: string;
  /** Where reports of failure go; null: to `from`. */
  returnTo: string | null;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** An .ics text. */
  calendar: string | null;
  /** What the HTML shows as `cid:`. */
  crest: Crest | null;
  /** Where its reader chooses what such mail they get; null for what must reach them. */
  choose: string | null;
  /** ISO instant. */
  date: string;
}

export interface MailTransport {
  /** False: nothing leaves, mails are kept and can be read in the back office. */
  readonly delivers: boolean;
  /** Resolves when the provider has taken the mail over. Throws MailRefusal, or NotTried. */
  send(message: MailMessage): Promise<{ answer: string }>;
  /** Whatever is still being sent fails as NotTried. */
  close(): void;
}

/** The provider's answer. `permanent`: trying again will not help. */
export class MailRefusal extends Error {
  constructor(
    message: string,
    readonly permanent: boolean,
    /** It is the recipient's address that is refused, not the mail or its sender. */
    readonly ofRecipient = false,
    /** The number with which the server answered. */
    readonly code?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "MailRefusal";
  }
}

/** Our own process ended the connection: no server refused the mail, so it is no try of it. */
export class NotTried extends Error {
  constructor(options?: ErrorOptions) {
    super("Duly ended its own connection to the mail server.", options);
    this.name = "NotTried";
  }
}

/** Each on a connection of its own. */
export const MAILS_AT_ONCE = 10;
/** For one mail, whatever the server answers meanwhile. Well below the sender's lease. */
const DEADLINE_MS = 150_000;

/** `url` as nodemailer reads it: smtp://user:password@host:port or smtps://. */
export function smtpTransport(url: string, deadlineMs = DEADLINE_MS): MailTransport {
  const smtp = createTransport({
    url,
    pool: true,
    // None waits for another within its own deadline.
    maxConnections: MAILS_AT_ONCE,
    // Together well below the sender's lease.
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
    // A mail may name no file of this server and fetch nothing.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const ending = new AbortController();
  return {
    delivers: true,
    async send(message) {
      // A connection that drips along for ever is ended alone: what the others are at goes on.
      const late = AbortSignal.timeout(deadlineMs);
      try {
        const { response } = await smtp.sendMail({
          signal: AbortSignal.any([late, ending.signal]),
          messageId: message.messageId,
          from: message.from,
          to: { name: "", address: message.to },
          ...(message.returnTo ? { envelope: { from: message.returnTo, to: message.to } } : {}),
          subject: message.subject,
          text: message.text,
          html: message.html,
          date: new Date(message.date),
          // No holiday notices in return.
          headers: {
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            // RFC 2369 alone: the one click of RFC 8058 would promise to end what a school must tell its staff.
            ...(message.choose && { "List-Unsubscribe": `<${message.choose}>` }),
          },
          attachments: attachmentsOf(message),
        });
        return { answer: response };
      } catch (error) {
        if (late.aborted) throw new MailRefusal("The mail server did not take the mail in time.", false);
        const refusal = refusalOf(error);
        // Where the server had answered, that is what became of the mail.
        throw ending.signal.aborted && refusal.code === undefined ? new NotTried({ cause: error }) : refusal;
      }
    },
    close() {
      ending.abort();
      smtp.close();
    },
  };
}

function attachmentsOf({ calendar, crest }: MailMessage): Attachment[] {
  const attached: Attachment[] = [];
  if (crest)
    attached.push({
      filename: crest.mediaType === "image/png" ? "crest.png" : "crest.jpg",
      content: crest.bytes,
      contentType: crest.mediaType,
      cid: CREST_ID,
      contentDisposition: "inline",
    });
  if (calendar)
    attached.push({
      filename: "dates.ics",
      content: calendar,
      contentType: "text/calendar; charset=utf-8; method=PUBLISH",
    });
  return attached;
}

/** Mail stays where it is. */
export const keepTransport = (): MailTransport => ({
  delivers: false,
  send: () => Promise.reject(new MailRefusal("No mail server is set (SMTP_URL).", false)),
  close: () => {},
});

/**
 * A 5xx to the envelope or the message is about this mail and final. Everything else (4xx, no connection, a refused
 * password) is about the server or its settings, and may be put right.
 */
function refusalOf(error: unknown): MailRefusal {
  if (!(error instanceof Error)) return new MailRefusal(String(error), false);
  const { responseCode, code, response, command } = error as Error & {
    responseCode?: number;
    code?: string;
    response?: string;
    command?: string;
  };
  const aboutMail = code === "EENVELOPE" || code === "EMESSAGE";
  const permanent = aboutMail && responseCode !== undefined && responseCode >= 500;
  return new MailRefusal(response ?? error.message, permanent, command === "RCPT TO", responseCode, { cause: error });
}
