// What people are told of the browsers in which they are signed in.

import { expect, it } from 'vitest';
import { describeUserAgent } from './user-agent.ts';

it('A browser is told by its name and system, a program by its own words', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';
  expect(describeUserAgent(chrome)).toBe('Chrome on Linux');
  expect(describeUserAgent(`${chrome.replace('X11; Linux x86_64', 'Windows NT 10.0')} Edg/138.0`)).toBe(
    'Edge on Windows',
  );
  expect(describeUserAgent('Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Gecko/20100101 Firefox/140.0')).toBe(
    'Firefox on macOS',
  );
  expect(describeUserAgent('curl/8.5.0')).toBe('curl/8.5.0');
});
