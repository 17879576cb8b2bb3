/** What is worked out from an object that nobody changes, once: forgotten with it. */
export function remembered<K extends object, V>(work: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, V>();
  return (of) => {
    let found = known.get(of);
    if (found === undefined) known.set(of, (found = work(of)));
    return found;
  };
}
