/** The mail server at the other end: a real SMTP server that keeps what it took, and breaks as mail servers do. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/**
 * "take": as it should. "refuse": 451 to the sender. "drop": takes the message, keeps it, and hangs up without an answer.
 * "lose": the same, and keeps nothing. "slow": takes it after some seconds.
 */
export type Manner = "take" | "refuse" | "drop" | "lose" | "slow";

export interface Arrived {
  /** Of this machine, epoch ms. */
  at: number;
  messageId: string;
  to: string;
  /** The text part's words. */
  text: string;
  /** It was kept, but its sender was not told so. */
  unanswered: boolean;
}

export interface Postbox {
  port: number;
  manner: Manner;
  arrived: Arrived[];
  close(): Promise<void>;
}

const SLOW_MS = 2_500;

export async function openPostbox(): Promise<Postbox> {
  const arrived: Arrived[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onMailFrom(_address, _session, done) {
      const busy = Object.assign(new Error("Too busy, come again"), { responseCode: 451 });
      done(postbox.manner === "refuse" ? busy : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { manner } = postbox;
        const hangsUp = manner === "drop" || manner === "lose";
        const raw = Buffer.concat(chunks).toString("latin1");
        if (manner !== "lose")
          arrived.push({
            at: Date.now(),
            messageId: /^Message-ID: *(\S+)/im.exec(raw.replace(/\r\n[ \t]+/g, " "))?.[1] ?? "",
            to: session.envelope.rcptTo.map(({ address }) => address).join(" "),
            text: textOf(raw),
            unanswered: hangsUp,
          });
        if (hangsUp) hangUp(session.id);
        else if (manner === "slow") setTimeout(() => done(null, "kept, after a while"), SLOW_MS);
        else done(null, "kept");
      });
    },
  });
  const hangUp = (id: string): void => {
    for (const connection of server.connections as Iterable<{ id?: string; _socket?: { destroy(): void } }>)
      if (connection.id === id) connection._socket?.destroy();
  };
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const postbox: Postbox = {
    port: (server.server.address() as AddressInfo).port,
    manner: "take",
    arrived,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return postbox;
}

/** Everything of the message that can be read as text, line ends of quoted-printable and base64 taken out. */
function textOf(raw: string): string {
  const parts = raw.split(/^--.*$/m).map((part) => {
    const cut = part.search(/\r\n\r\n/);
    const [head, body] = [part.slice(0, cut), part.slice(cut)];
    if (!/content-type: text\/plain/i.test(head)) return "";
    if (/transfer-encoding: base64/i.test(head)) return Buffer.from(body, "base64").toString("utf8");
    return body.replace(/=\r\n/g, "");
  });
  return parts.join("\n");
}
