/** The tour that is up in this folder, for programs that people run beside it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../control-plane/setup-error.ts';
import type { Endpoints } from './endpoints.ts';

const ENDPOINTS = join('.run', 'endpoints.json');

export function readEndpoints(): Endpoints {
  try {
    return JSON.parse(readFileSync(ENDPOINTS, 'utf8')) as Endpoints;
  } catch {
    throw notRunning(`${ENDPOINTS} cannot be read`);
  }
}

export function notRunning(why: string): SetupError {
  return new SetupError(
    'not-running',
    `npm start is not up in this folder: ${why}`,
    'say `npm start -- --bare` in another terminal, in the folder of the clone, and wait for "Up until Ctrl-C".',
  );
}
