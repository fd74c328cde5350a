// The folder of the image that files of test/install share; it goes with the run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    readonly imageFolder: string;
  }
}

export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'dataall-image-'));
  project.provide('imageFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
