// What people manage in a real browser, against an installation as `npm start` brings it up, and what its pages tell of it.

import { explainedJourneys } from './web/explained.ts';
import { managing } from './web/managing.ts';
import { webScene } from './web/scene.ts';

const scene = webScene();

explainedJourneys(scene);
managing(scene);
