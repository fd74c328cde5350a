// What follows from an object that is never changed in place is made once, and kept for as long as somebody has the object.

/** A function that makes its answer once for each object, by identity. */
export const oncePerObject = <From extends object, Made extends object | string>(
  make: (from: From) => Made,
): ((from: From) => Made) => {
  const known = new WeakMap<From, Made>();
  return (from) => {
    const before = known.get(from);
    if (before !== undefined) return before;
    const made = make(from);
    known.set(from, made);
    return made;
  };
};
