/** The command line's way in for an administrator who is locked out. */
import { choosePassword } from "../../api/engine/signInLink";
import { administrators, wayIn } from "../../api/engine/wayIn";
import { newSchool, type School } from "../school";

let school: School;
beforeAll(async () => {
  school = await newSchool();
});
afterAll(() => school.close());

test("a locked-out administrator gets a link, once, and anybody else only where they are made one", async () => {
  const [first] = await administrators(school.world);
  const { name, url } = await wayIn(school.world, first?.email ?? "", false);
  expect(name).toBe(first?.name);
  const secret = url.slice(url.lastIndexOf("/") + 1);
  await choosePassword(school.world, { secret, password: "four plain garden words" });
  await expect(choosePassword(school.world, { secret, password: "four plain garden words" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });

  await expect(wayIn(school.world, "nobody@elm.example", false)).rejects.toMatchObject({ code: "NOT_FOUND" });
  const teacher = "zoe.king@canterburyroad.invalid";
  expect((await administrators(school.world)).map(({ email }) => email)).not.toContain(teacher);
  await expect(wayIn(school.world, teacher, false)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect((await wayIn(school.world, teacher.toUpperCase(), true)).name).toBe("Zoe King");
  expect((await administrators(school.world)).map(({ email }) => email)).toContain(teacher);
});
