import { kite } from "../test/kites";
import { readState } from "../list/listState";
import { pointAddress } from "./pointAddress";

const type = {
  ...kite,
  views: {
    flying: { label: "Flying", columns: ["state"], where: { in: [{ field: "state" }, ["flying", "lost"]] as never } },
    all: { label: "All", columns: ["state"] },
  },
};
const whereOf = (address: string | undefined) =>
  readState(type, new URLSearchParams(address?.split("?")[1] ?? ""), [], {}).where;

test("a bar leads to the list of just what it counts", () => {
  const where = { eq: [{ field: "state" }, "flying"] as never };
  expect(whereOf(pointAddress(type, { by: "state" }, "lost"))).toEqual({ eq: [{ field: "state" }, "lost"] });
  expect(whereOf(pointAddress(type, { over: "nextFlight", where }, "2027-02"))).toEqual({
    all: [where, { gt: [{ field: "nextFlight" }, "2027-01-31"] }, { lt: [{ field: "nextFlight" }, "2027-03-01"] }],
  });
  expect(whereOf(pointAddress(type, { over: "nextFlight", where: type.views.flying.where }, "2027-12"))).toEqual({
    all: [
      type.views.flying.where,
      { gt: [{ field: "nextFlight" }, "2027-11-30"] },
      { lt: [{ field: "nextFlight" }, "2028-01-01"] },
    ],
  });
});

test("a bar that no list can prove leads nowhere", () => {
  const where = { not: { in: [{ field: "state" }, ["flying", "lost"]] as never } };
  expect(pointAddress(type, { by: "state", where }, "lost")).toBeUndefined();
  expect(pointAddress(type, { by: "nothingOfTheKind" }, "lost")).toBeUndefined();
});
