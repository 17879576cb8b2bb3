/** A TCP proxy between the product and one of its servers, by which a test breaks the line as lines really break. */
import { createServer, connect, type Server, type Socket } from "node:net";

/** What happens to what is sent. "swallow": nothing arrives and nobody is told, as after a failover without a reset. */
export type Line = "pass" | "swallow" | "refuse";

export interface Wire {
  client: Socket;
  server: Socket;
  /** From here on nothing passes, either way. */
  silent: boolean;
}

export interface TcpProxy {
  port: number;
  /** Of all connections, those to come too. */
  line: Line;
  wires: Set<Wire>;
  /** Silences what is open now; connections to come pass. */
  silenceOpen(): void;
  /** Cuts what is open now. */
  cut(): void;
  /**
   * Asked of each piece that a client sends. "lose": it does not arrive, and the wire is silent from then on. "lose
   * answer": it arrives, and nothing comes back. "cut" and "cut answer": the same, and the connection is closed.
   */
  onSend: ((data: Buffer, wire: Wire) => "pass" | "lose" | "lose answer" | "cut" | "cut answer") | undefined;
  close(): Promise<void>;
}

export async function startTcpProxy(to: { host: string; port: number }): Promise<TcpProxy> {
  const wires = new Set<Wire>();
  const sockets = new Set<Socket>();
  const end = (wire: Wire): void => {
    wires.delete(wire);
    wire.client.destroy();
    wire.server.destroy();
  };
  const server: Server = createServer({ noDelay: true }, (client) => {
    if (proxy.line === "refuse") return void client.destroy();
    const wire: Wire = { client, server: connect({ ...to, noDelay: true }), silent: false };
    wires.add(wire);
    client.on("data", (data) => {
      if (proxy.line === "swallow" || wire.silent) return;
      const fate = proxy.onSend?.(data, wire) ?? "pass";
      if (fate === "lose" || fate === "lose answer") wire.silent = true;
      if (fate === "cut") return end(wire);
      if (fate === "lose") return;
      wire.server.write(data, () => {
        // Long enough for the server to have done it: an answer that comes first is the one that is lost.
        if (fate === "cut answer") setTimeout(() => end(wire), 200);
      });
      if (fate === "cut answer") wire.silent = true;
    });
    wire.server.on("data", (data) => {
      if (proxy.line !== "swallow" && !wire.silent) client.write(data);
    });
    for (const socket of [client, wire.server]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        // A line that is silent tells neither side that the other has gone.
        if (!wire.silent && proxy.line !== "swallow") end(wire);
        else if (socket === client) wires.delete(wire);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const proxy: TcpProxy = {
    port: typeof address === "object" && address ? address.port : 0,
    line: "pass",
    wires,
    silenceOpen: () => wires.forEach((wire) => (wire.silent = true)),
    cut: () => [...wires].forEach(end),
    onSend: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
  return proxy;
}

/** The same address by way of the proxy. */
export function throughProxy(url: string, { port }: TcpProxy): string {
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String(port);
  return through.toString();
}

export const addressOf = (url: string, defaultPort: number): { host: string; port: number } => {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) || defaultPort };
};

/** Whether a client's packet is this statement, sent as text. */
export const isStatement = (data: Buffer, text: string): boolean =>
  data[4] === 3 && data.subarray(5).toString("latin1").startsWith(text);
