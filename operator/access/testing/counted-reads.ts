// Counts how often anything of a value is read, however deep: the work of a function that depends on no machine.

/** A copy of plain data that calls `read` for each property and element that is looked at. */
export const countingReads = <Value>(value: Value, read: () => void): Value => counted(value, read) as Value;

const counted = (value: unknown, read: () => void): unknown => {
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, counted(one, read)]));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value)
    ? value.map((one) => counted(one, read))
    : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, counted(one, read)]));
  return new Proxy(copy, {
    get: (target, name, receiver): unknown => {
      read();
      return Reflect.get(target, name, receiver);
    },
  });
};
