// Tells story files over and over in one Jest file, each time without another element of the pack. What the files share
// is loaded once: only their own code runs anew, so that it registers its stories again.
const path = require("node:path");

/** `jobs` as in runStories.ts, each with the title of its `describe`. */
module.exports = function tell(jobs) {
  const shared = ["school-policy/world.ts", "graphql/schoolApi.ts", "school.ts"].map((name) => {
    const file = path.join(__dirname, "..", name);
    const loaded = require(file);
    jest.doMock(file, () => loaded);
    return loaded;
  });
  const [world] = shared;
  // A story that runs out of time says nothing of an element: each has as long as runStories.ts gives them.
  const { test: tellOne, beforeAll: begin } = global;
  global.test = Object.assign((name, story) => tellOne(name, story), tellOne);
  global.beforeAll = (work) => begin(work);
  for (const { title, without, file } of jobs)
    describe(title, () => {
      beforeAll(() => void (process.env.DULY_PACK_WITHOUT = without ?? ""));
      afterAll(world.closeStories);
      jest.resetModules();
      require(file);
    });
};
