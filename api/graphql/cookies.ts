/** What the request's cookies say under this name; undefined where they say nothing. */
export const cookieNamed = (cookies: string | undefined, name: string): string | undefined =>
  new RegExp(`(?:^|;\\s*)${name}=([^;]+)`).exec(cookies ?? "")?.[1];

export const SESSION_COOKIE = "duly";
export const DEVICE_COOKIE = "duly_device";

/** A cookie's text without its flags; an empty one ends it. */
export const cookieText = (secret: string, maxAgeSeconds: number, name = SESSION_COOKIE): string =>
  `${name}=${secret}; Max-Age=${maxAgeSeconds}`;
