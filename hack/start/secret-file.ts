/** A file that nobody else on the machine reads. */
import { chmodSync, writeFileSync } from 'node:fs';

export function writeSecret(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
