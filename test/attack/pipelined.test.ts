/** Several requests in one go over one connection: what HTTP allows, and no browser does. */
import { connect } from "node:net";
import { newSchoolApi, type SchoolApi } from "../graphql/schoolApi";

let school: SchoolApi;
beforeAll(async () => {
  school = await newSchoolApi({ rates: { atOnce: 4, waiting: 20 } });
}, 60_000);
afterAll(() => school.close());

test("requests that wait behind others on a connection that has ended hold nobody's place", async () => {
  const crest = `GET /crests/${"0".repeat(64)} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const known = await school.signIn("Lindsey Glanville");
  const live = `POST /live HTTP/1.1\r\nHost: x\r\ncookie: ${known}\r\nx-duly: 1\r\ncontent-type: application/json\r\naccept: text/event-stream\r\n`;
  const subscription = JSON.stringify({ query: "subscription { changes { type id } }" });
  const stream = `${live}content-length: ${subscription.length}\r\n\r\n${subscription}`;
  for (const [one, times] of [
    [crest, 9],
    [crest, 9],
    [stream, 8],
  ] as const)
    await new Promise<void>((done) => {
      const socket = connect(school.api.port, "127.0.0.1", () => {
        socket.write(one.repeat(times));
        setTimeout(() => socket.destroy(), 20);
      });
      socket.on("error", () => undefined);
      socket.on("close", () => done());
    });
  const signedIn = await Promise.race([
    school.signIn("Tomas Elmstead"),
    new Promise((resolve) => setTimeout(() => resolve("nobody answered"), 5_000)),
  ]);
  expect(signedIn).toMatch(/^duly=/);
  const again = await new Promise<string>((resolve) => {
    const socket = connect(school.api.port, "127.0.0.1", () => socket.write(stream));
    socket.on("data", (data) => {
      resolve(data.toString("latin1").slice(9, 12));
      socket.destroy();
    });
  });
  expect(again).toBe("200");
});
