/** A real SMTP server that keeps what it takes, and refuses what a test tells it to. */
import { once } from "node:events";
import { type AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface Delivered {
  to: string[];
  /** The envelope's. */
  from: string;
  raw: string;
  /** A header, unfolded. */
  header(name: string): string;
  /** Decoded bodies by MIME type. */
  parts: Map<string, string>;
}

export interface MailServer {
  url: string;
  delivered: Delivered[];
  /** How often a recipient was offered, refused ones included. */
  offered: number;
  /** Refuses recipients with this answer until cleared. */
  refuse: { code: number; text: string } | undefined;
  /** The same, whoever the mail is for. */
  refuseSender: { code: number; text: string } | undefined;
  /** Never answers the text of a mail to these. */
  hang: ((to: string) => boolean) | undefined;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onMailFrom(_address, _session, callback) {
      const { refuseSender } = mail;
      callback(refuseSender ? Object.assign(new Error(refuseSender.text), { responseCode: refuseSender.code }) : null);
    },
    onRcptTo(_address, _session, callback) {
      mail.offered++;
      const { refuse } = mail;
      callback(refuse ? Object.assign(new Error(refuse.text), { responseCode: refuse.code }) : null);
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (session.envelope.rcptTo.some(({ address }) => mail.hang?.(address))) return;
        const raw = Buffer.concat(chunks).toString("utf8");
        mail.delivered.push(
          read(
            raw,
            session.envelope.rcptTo.map((to) => to.address),
            session.envelope.mailFrom ? session.envelope.mailFrom.address : "",
          ),
        );
        callback(null, "kept as 4711");
      });
    },
  });
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  const mail: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    delivered: [],
    offered: 0,
    refuse: undefined,
    refuseSender: undefined,
    hang: undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return mail;
}

function read(raw: string, to: string[], from: string): Delivered {
  const [head = ""] = raw.split("\r\n\r\n", 1);
  const unfolded = head.replace(/\r\n[ \t]+/g, " ");
  return {
    to,
    from,
    raw,
    header: (name) => new RegExp(`^${name}: (.*)$`, "im").exec(unfolded)?.[1]?.trim() ?? "",
    parts: new Map(parts(raw)),
  };
}

function parts(text: string): [string, string][] {
  const cut = text.indexOf("\r\n\r\n");
  const head = text.slice(0, cut).replace(/\r\n[ \t]+/g, " ");
  const body = text.slice(cut + 4);
  const boundary = /boundary="?([^";\r\n]+)"?/i.exec(head)?.[1];
  if (boundary)
    return body
      .split(`--${boundary}`)
      .slice(1, -1)
      .flatMap((part) => parts(part.replace(/^\r\n/, "")));
  const type = /^content-type: ([^;\r\n]+)/im.exec(head)?.[1]?.toLowerCase() ?? "text/plain";
  const encoding = /^content-transfer-encoding: (\S+)/im.exec(head)?.[1]?.toLowerCase();
  return [[type, decode(body, encoding)]];
}

function decode(body: string, encoding: string | undefined): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return body;
  const bytes = body
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
