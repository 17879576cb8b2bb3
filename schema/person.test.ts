import { readPerson } from "./person";

const problems = (email: string) => readPerson({ name: "Ada Bell", email }).problems.map(({ path }) => path);

test("an email address is one mailbox, and nothing by which a mail server would read another into it", () => {
  for (const email of ["ada@mill.example", "ada.o'bell+school@sub.mill.example", "ada@bücher.example"])
    expect([email, problems(email)]).toEqual([email, []]);
  for (const sign of [",", ";", ":", "<", ">", "(", ")", '"', "[", "]", "\\", "\0", "\u0007", "\u202e", "\u200b"])
    for (const email of [`a${sign}b@mill.example`, `a@mi${sign}ll.example`, `a@mill.example${sign}`])
      expect([email, problems(email)]).toEqual([email, ["email"]]);
});
