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

/** What attempts are counted by: of IPv6 the /64, since one household or server has all of it to itself. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const groups = head ? head.split(":") : [];
  const after = tail ? tail.split(":") : [];
  const all =
    tail === undefined
      ? groups
      : [...groups, ...Array(Math.max(0, 8 - groups.length - after.length)).fill("0"), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
