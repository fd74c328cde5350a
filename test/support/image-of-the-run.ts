// The file tree of our image, built once for all files of test/install. Takes a minute or two.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildImage, type Image } from '../../hack/image/build.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly image: Image;
  }
}

export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'dataall-image-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    project.provide('image', await buildImage({ folder }));
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}
