// The file tree of our image, built once a run by the first file of test/install that starts pods: what is only rendered needs none.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { withBuildLock } from '../../hack/control-plane/build-lock.ts';
import { silent } from '../../hack/control-plane/progress.ts';
import { buildImage, type Image } from '../../hack/image/build.ts';

/** Takes minutes where nobody has asked before. Throws what {@link buildImage} throws. */
export async function ensureImage(): Promise<Image> {
  const folder = inject('imageFolder');
  const built = join(folder, 'image.json');
  await withBuildLock(join(folder, 'lock'), silent, async () => {
    if (existsSync(built)) return;
    writeFileSync(built, JSON.stringify(await buildImage({ folder: mkdtempSync(join(folder, 'stages-')) })));
  });
  return JSON.parse(readFileSync(built, 'utf8')) as Image;
}
