/** Whose word counts on who asks. */
import type { IncomingMessage } from "node:http";
import { loadConfig, type TrustProxy } from "../../api/config";
import { networkOf } from "../../api/engine/network";
import { proxies } from "../../api/graphql/clientAddress";
import { mayMeasure } from "../../api/graphql/mayMeasure";

const request = (remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage =>
  ({ socket: { remoteAddress }, connection: { remoteAddress }, headers }) as unknown as IncomingMessage;
const from = (trusted: TrustProxy | undefined, remote: string, forwarded?: string): string =>
  proxies(trusted).clientAddress(request(remote, forwarded ? { "x-forwarded-for": forwarded } : {}));

test.each<[string, TrustProxy | undefined, string, string | undefined, string]>([
  ["nobody is believed without a setting", undefined, "127.0.0.1", "9.9.9.9", "127.0.0.1"],
  ["one proxy is asked for the last address only", 1, "10.0.0.1", "1.1.1.1, 9.9.9.9", "9.9.9.9"],
  ["two proxies for the one before", 2, "10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"],
  [
    "a network is followed for as long as it is ours",
    ["10.0.0.0/8"],
    "10.0.0.1",
    "6.6.6.6, 9.9.9.9, 10.0.0.2",
    "9.9.9.9",
  ],
  ["somebody outside it is not believed", ["10.0.0.0/8"], "8.8.8.8", "9.9.9.9", "8.8.8.8"],
  ["what is no address is not one", 1, "10.0.0.1", "<script>", "10.0.0.1"],
  ["IPv4 within IPv6 is IPv4", ["loopback"], "::ffff:127.0.0.1", "::ffff:9.9.9.9", "9.9.9.9"],
  ["a direct connection is itself", ["loopback"], "127.0.0.1", undefined, "127.0.0.1"],
])("%s", (_what, trusted, remote, forwarded, expected) => {
  expect(from(trusted, remote, forwarded)).toBe(expected);
});

test("who has a whole network of IPv6 addresses is one", () => {
  const names = ["2001:db8:1:2::1", "2001:db8:1:2:ffff:0:0:1", "2001:0db8:0001:0002::"];
  expect(new Set(names.map(networkOf))).toEqual(new Set(["2001:db8:1:2::/64"]));
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("10.0.0.1")).toBe("10.0.0.1");
});

test("figures are for the token, or for this machine where nothing stands in front", () => {
  const here = { publicUrl: "http://localhost:4400" };
  const local = request("127.0.0.1");
  expect(mayMeasure(local, here)).toBe(true);
  expect(mayMeasure(request("10.0.0.3"), here)).toBe(false);
  for (const name of ["x-forwarded-for", "x-forwarded-proto", "forwarded", "via", "x-real-ip"])
    expect([name, mayMeasure(request("127.0.0.1", { [name]: "x" }), here)]).toEqual([name, false]);
  // A proxy that says nothing at all is on the loopback address too.
  expect(mayMeasure(local, { publicUrl: "https://duly.school.example" })).toBe(false);
  expect(mayMeasure(local, { ...here, trustProxy: ["loopback"] })).toBe(false);
  const tokened = { ...here, trustProxy: 1, metricsToken: "secret" };
  expect(mayMeasure(request("8.8.8.8", { authorization: "Bearer secret" }), tokened)).toBe(true);
  expect(mayMeasure(request("127.0.0.1", { authorization: "Bearer other" }), tokened)).toBe(false);
});

test("the setting is checked at the start", () => {
  const problems = (TRUST_PROXY: string): string => {
    try {
      return String(loadConfig({ TRUST_PROXY }).trustProxy);
    } catch (error) {
      return String(error);
    }
  };
  for (const good of ["1", "loopback", "10.0.0.0/8, uniquelocal"]) expect(problems(good)).not.toContain("TRUST_PROXY");
  for (const bad of ["true", "0", "10.0.0.0/99", "proxy.school"]) expect(problems(bad)).toContain("TRUST_PROXY");
});
