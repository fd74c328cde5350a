// A value that somebody types: used when they pause, so that not every letter is a question to the gateway.

import { useEffect, useState } from 'react';

const PAUSE_MS = 250;

export function useDebounced<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = globalThis.setTimeout(() => setSettled(value), PAUSE_MS);
    return () => globalThis.clearTimeout(timer);
  }, [value]);
  return settled;
}
