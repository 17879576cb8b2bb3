/**
 * Which definitions this program understands. It is raised when the language gains something that an older engine would
 * misread; a definition that uses it says so in `engine`, and an older process then refuses to serve it.
 */
export const ENGINE_EDITION = 1;
