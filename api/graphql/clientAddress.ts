/** Who is at the other end, through the proxies that TRUST_PROXY names and no others. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddr from "proxy-addr";
import type { TrustProxy } from "../config";

export interface Proxies {
  /** The client's address. Whoever is not a trusted proxy says nothing of it: `x-forwarded-for` is anybody's text. */
  clientAddress(request: IncomingMessage): string;
  /** The connection is a trusted proxy's: what its headers say holds. */
  isTrusted(request: IncomingMessage): boolean;
}

export function proxies(trusted: TrustProxy | undefined): Proxies {
  const trust =
    typeof trusted === "number"
      ? (_address: string, hop: number) => hop < trusted
      : trusted
        ? proxyAddr.compile([...trusted])
        : undefined;
  return {
    clientAddress(request) {
      const peer = request.socket.remoteAddress ?? "";
      if (!trust) return plainAddress(peer);
      const found = proxyAddr(request, trust);
      return plainAddress(isIP(found ?? "") ? (found ?? peer) : peer);
    },
    isTrusted: (request) => trust !== undefined && trust(request.socket.remoteAddress ?? "", 0),
  };
}

/** "::ffff:10.0.0.1" is 10.0.0.1. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");
