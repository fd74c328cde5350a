// How long something still lasts, counted down while it is looked at.

import { useEffect, useState } from 'react';

const STEP_MS = 1_000;

/** `7 h 59 min`, `12 min`, `59 s`. @param ms until then; none is left below zero */
export function describeTimeLeft(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/** @param at RFC 3339 @returns milliseconds; negative once it is over */
export function useTimeLeft(at: string): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return Date.parse(at) - now;
}
