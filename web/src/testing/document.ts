// Of tests of components: what one has shown is gone before the next.

import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);
