// Shares in a real browser, against an installation as `npm start` brings it up: asked for, decided, watched, ended, and asked about.

import { auditing } from './web/auditing.ts';
import { liveJourneys } from './web/life.ts';
import { webScene } from './web/scene.ts';
import { sharing } from './web/sharing.ts';

const scene = webScene();

sharing(scene);
liveJourneys(scene);
auditing(scene);
