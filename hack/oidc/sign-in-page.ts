// The demo provider's page: everybody there is, to be picked, without a password.

import type { DemoUser } from './demo-user.ts';

/** @param action where the form goes: the interaction's own address */
export const signInPage = (users: readonly DemoUser[], action: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in (demo)</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem; color: #1b2733; }
button { display: block; width: 100%; margin: .5rem 0; padding: .75rem 1rem; font: inherit; text-align: left; cursor: pointer;
  border: 1px solid #b6c2cd; border-radius: .4rem; background: #fff; }
button:hover, button:focus { border-color: #0b66c2; }
small { color: #5a6b7b; }
</style>
</head>
<body>
<h1>Sign in</h1>
<p><strong>This is a demo.</strong> Nobody is asked for a password: pick who you want to be. In production your own identity provider stands here.</p>
<form method="post" action="${escapeHtml(action)}">
${users.map(button).join('\n')}
</form>
</body>
</html>
`;

const button = ({ name, groups }: DemoUser): string =>
  `<button name="user" value="${escapeHtml(name)}">${escapeHtml(name)}<br><small>${escapeHtml(groups.join(', '))}</small></button>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
