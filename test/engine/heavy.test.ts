/** Documents made to hurt: each fails with a sentence, while everybody else goes on. */
import { crc32, deflateSync } from "node:zlib";
import { bounds, endIdleWorkers, heavily } from "../../api/engine/heavy/pool";
import { Failure } from "../../schema/failure";
import { docxOf, hostileDocuments, paragraph } from "../hostileFiles";

const read = (bytes: Uint8Array, owner = "Zoe", fileName = "policy.docx") =>
  heavily("policyDocument", { bytes, fileName, today: "2026-11-30" }, owner);
const harmless = () =>
  docxOf(["Mobile phone policy", "Phones stay in bags.", "Next review: 1 September 2027"].map(paragraph).join(""));

/** What became of a job, and how often the event loop came round meanwhile. */
async function outcomeOf(job: Promise<unknown>): Promise<{ failure: Failure | undefined; turns: number }> {
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 5);
  try {
    await job;
    return { failure: undefined, turns };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { failure: error, turns };
  } finally {
    clearInterval(ticking);
  }
}

const { policyDocument } = bounds;
beforeEach(() => {
  bounds.policyDocument = { ...policyDocument, seconds: 4 };
});
/** Whatever else the machine does, a small document is read. */
const patiently = (): void => void (bounds.policyDocument = { ...policyDocument, seconds: 60 });
afterAll(async () => {
  bounds.policyDocument = policyDocument;
  await endIdleWorkers();
});

test.each(Object.entries(hostileDocuments))("%s: refused or read, and the next document is read", async (_, make) => {
  const bytes = await make();
  const { failure } = await outcomeOf(read(bytes));
  if (failure) {
    expect(failure.code).toBe("INVALID_INPUT");
    expect(failure.problems).toEqual([
      { path: "file", message: expect.stringMatching(/^(This|policy\.docx) .*\.$/) as string },
    ]);
  }
  patiently();
  const [policy] = await read(await harmless());
  expect(policy?.values.reviewBy).toBe("2027-09-01");
});

/** Two pixels by two, whose data says of itself that it is a gigabyte long. */
function lyingPng(): Buffer {
  const part = (name: string, data: Buffer, length = data.length): Buffer => {
    const [head, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    head.writeUInt32BE(length);
    sum.writeUInt32BE(crc32(Buffer.concat([Buffer.from(name), data])));
    return Buffer.concat([head, Buffer.from(name), data, sum]);
  };
  const size = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
  const pixels = part("IDAT", deflateSync(Buffer.alloc(14)), 2 ** 30 - 1);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), part("IHDR", size), pixels]);
}
const drawing = {
  title: "Phones",
  edition: "Version 1",
  saved: "Saved. ",
  standing: "In force",
  text: "# Phones\n\nIn bags.\n",
  hash: "0",
  school: { name: "Elm", colour: null },
  at: 0,
};

test("a picture that lies about its length is not drawn", async () => {
  expect(await heavily("crestIsDrawable", { mediaType: "image/png", bytes: lyingPng() }, "Zoe")).toBe(false);
});

test("a job that asks for more memory at once than there is ends its process, and not this one", async () => {
  const { failure } = await outcomeOf(heavily("textPdf", { ...drawing, crest: lyingPng() }, "Zoe"));
  expect([failure?.code, failure?.message]).toEqual(["INVALID_INPUT", bounds.textPdf.refusal]);
  patiently();
  expect(await read(await harmless())).toHaveLength(1);
}, 60_000);

test("while a document is being read the loop goes on", async () => {
  const make = hostileDocuments["a hundred thousand paragraphs"];
  const { failure, turns } = await outcomeOf(read((await make?.()) ?? Buffer.alloc(0)));
  expect(failure?.message).toMatch(/too large or too complicated to read/);
  expect(turns).toBeGreaterThan(50);
});

test("one person's documents do not keep another's waiting, and nobody's queue is endless", async () => {
  const slow = (await hostileDocuments["a hundred thousand paragraphs"]?.()) ?? Buffer.alloc(0);
  const order: string[] = [];
  const flood = Array.from({ length: 40 }, () =>
    read(slow, "Flooder").then(
      () => undefined,
      (error: unknown) => {
        if ((error as Failure).code !== "UNAVAILABLE") order.push("Flooder");
        return (error as Failure).code;
      },
    ),
  );
  await read(await harmless(), "Zoe").then(() => order.push("Zoe"));
  const codes = await Promise.all(flood);
  expect(codes.filter((code) => code === "UNAVAILABLE").length).toBe(36);
  // At most the one that ran in the other worker was done with before.
  expect(order.indexOf("Zoe")).toBeLessThanOrEqual(1);
});
