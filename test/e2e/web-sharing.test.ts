// Shares in a real browser, against an installation as `npm start` brings it up: asked for, decided, watched, ended, and asked about.

import { auditing } from './web/auditing.ts';
import { caring } from './web/caring.ts';
import { liveJourneys } from './web/life.ts';
import { webScene } from './web/scene.ts';
import { several } from './web/several.ts';
import { sharing } from './web/sharing.ts';
import { shortWays } from './web/short-ways.ts';

const scene = webScene();

sharing(scene);
liveJourneys(scene);
auditing(scene);
shortWays(scene);
several(scene);
caring(scene);
