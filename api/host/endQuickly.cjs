// Required by Jest's workers. One whose last test has ended, and that nothing keeps running, still takes V8 a second to
// clear its heap; Jest waits half of one, and then says that a test leaks. It ends at once instead. What does leak keeps the
// worker from coming this far, and is said as before.
if (process.send && process.argv[1]?.includes("jest-worker")) process.on("exit", (code) => process.reallyExit(code));
