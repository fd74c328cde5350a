/** `npm run audit`: known vulnerabilities of our packages, where the registry offers that service (mirrors often do not). */
import { spawnSync } from 'node:child_process';
import { ROOT } from './install.mjs';

const { status, stdout, stderr } = spawnSync('npm', ['audit', '--audit-level=high', '--loglevel=warn'], {
  cwd: ROOT,
  encoding: 'utf8',
});
// A registry without the service says so, as in "npm warn audit 405 Method Not Allowed - POST ..."; an outage is a failure.
const notOffered =
  /^npm warn audit (404|405|501) /m.test(stderr) && stderr.includes('audit endpoint returned an error');
if (notOffered) {
  process.stdout.write('audit unavailable\n');
} else {
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  process.exitCode = status ?? 1;
}
