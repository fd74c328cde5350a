// How pages look: in light and dark, to people of any eyes and hands, and in pictures where WEB_SCREENSHOTS=<folder> asks for them.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violationsOf } from '../../support/violations.ts';
import { photograph } from './scene.ts';

/** By axe in both themes. @param name of the pictures */
export async function lookAt(page: Page, name: string): Promise<void> {
  // From its head on: what lies half under the bar is as small as what is seen of it.
  await page.evaluate('scrollTo(0, 0)');
  for (const colorScheme of ['light', 'dark'] as const) {
    // Without motion: colours on their way from light to dark have no contrast.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The page hears of it a moment later.
    await page.locator(colorScheme === 'dark' ? 'body.awsui-dark-mode' : 'body:not(.awsui-dark-mode)').waitFor();
    const looked = colorScheme === 'dark' ? 'colours' : 'everything';
    expect(await violationsOf(page, looked), `${name}, ${colorScheme}`).toEqual([]);
    await photograph(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
