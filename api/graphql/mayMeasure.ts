/**
 * Who may read figures of the installation: whoever has its token. Without a token only somebody on this machine, which a
 * proxy here is too, whoever it asks for: so not where a proxy is known of, or where people reach Duly by another name.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Config } from "../config";

const forwarding = ["forwarded", "via", "x-real-ip", "cf-connecting-ip", "true-client-ip"];
const isLocal = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);

export function mayMeasure(
  { headers, socket }: IncomingMessage,
  { metricsToken, trustProxy, publicUrl }: Pick<Config, "metricsToken" | "trustProxy" | "publicUrl">,
): boolean {
  if (metricsToken) return same(headers.authorization ?? "", `Bearer ${metricsToken}`);
  if (trustProxy !== undefined || !isLocal(new URL(publicUrl).hostname)) return false;
  if (Object.keys(headers).some((name) => name.startsWith("x-forwarded-") || forwarding.includes(name))) return false;
  return isLocal((socket.remoteAddress ?? "").replace(/^::ffff:/, ""));
}

const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
