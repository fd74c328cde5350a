// Where the browser begins: who is signed in is known before anything is shown.

import '@cloudscape-design/global-styles/index.css';
import './app/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { readFeatures } from './app/features.ts';
import { readPerson } from './app/session.ts';
import { applyTheme } from './app/theme.ts';
import { UnreachablePage } from './app/unreachable-page.tsx';

applyTheme();
const root = createRoot(document.querySelector('#root') ?? document.body);
try {
  const person = await readPerson();
  // Otherwise the browser is on its way to the sign-in page.
  if (person !== undefined)
    root.render(
      <StrictMode>
        <App person={person} features={await readFeatures()} />
      </StrictMode>,
    );
} catch {
  root.render(<UnreachablePage />);
}
